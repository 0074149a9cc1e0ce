package io.sparkcam.view.html;

import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.PredictionLine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An image, what was predicted, and why.
 *
 * @param anchor to link to; empty for none
 * @param truth the true class where another was predicted, empty otherwise
 * @param more where more of the kind is; empty for nowhere
 */
record Card(
    String anchor,
    List<MapPicture> pictures,
    String id,
    String predicted,
    String probability,
    String truth,
    String more) {

  /** An example among others. */
  static Card of(ExplainedImage image, IntFunction<String> names) {
    return of("", List.of(MapPicture.overlay(image, alt(image, names), "")), image, names, "");
  }

  /** A mistake, under the map of the predicted class and under that of the true one. */
  static Card of(int rank, RunReport.Mistake mistake, IntFunction<String> names, String more) {
    ExplainedImage image = mistake.image();
    String predicted = names.apply(image.predicted());
    String truth = names.apply(image.label());
    List<MapPicture> pictures = new ArrayList<>();
    pictures.add(MapPicture.overlay(image, alt(image, names), "for " + predicted));
    pictures.add(
        MapPicture.overlay(
            MapPicture.under(image, mistake.truth()),
            "Image " + image.id() + " under the map of its true class, " + truth,
            "for " + truth));
    return of("mistake-" + rank, pictures, image, names, more);
  }

  private static Card of(
      String anchor,
      List<MapPicture> pictures,
      ExplainedImage image,
      IntFunction<String> names,
      String more) {
    return new Card(
        anchor,
        pictures,
        Long.toString(image.id()),
        names.apply(image.predicted()),
        PredictionLine.decimal(image.probability()),
        truth(image, names),
        more);
  }

  private static String truth(ExplainedImage image, IntFunction<String> names) {
    return image.trueClass().isPresent() && image.label() != image.predicted()
        ? names.apply(image.label())
        : "";
  }

  private static String alt(ExplainedImage image, IntFunction<String> names) {
    String truth = truth(image, names);
    return "Image "
        + image.id()
        + " under the map of "
        + names.apply(image.map().classIndex())
        + ", predicted with probability "
        + PredictionLine.decimal(image.probability())
        + (truth.isEmpty() ? "" : "; its true class is " + truth);
  }
}
