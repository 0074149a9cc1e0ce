package io.sparkcam.view.html;

import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.PredictionLine;
import io.sparkcam.view.picture.Scale;
import java.util.ArrayList;
import java.util.List;

/**
 * An image, what was predicted, and why.
 *
 * @param anchor to link to; empty for none
 * @param source its name in the data set; empty where it has none
 * @param truth the true class where another was predicted, empty otherwise
 * @param more where more of the kind is; empty for nowhere
 */
record Card(
    String anchor,
    List<MapPicture> pictures,
    String id,
    String source,
    String predicted,
    String probability,
    String truth,
    String more) {

  /** An example among others. */
  static Card of(ExplainedImage image, RunReport report) {
    return of("", List.of(MapPicture.overlay(image, alt(image, report), "")), image, report, "");
  }

  /** The image alone beside the one under its map. */
  static Card plainToo(ExplainedImage image, RunReport report) {
    return of(
        "",
        List.of(plain(image), MapPicture.overlay(image, alt(image, report), "")),
        image,
        report,
        "");
  }

  private static MapPicture plain(ExplainedImage image) {
    return MapPicture.plain(image.image(), "Image " + image.id() + " alone");
  }

  /**
   * A mistake: the image alone, under the map of the predicted class, under that of the true one,
   * the difference of the two, and the Shapley values of the cells, if there are any, 0 in the
   * middle of the colours.
   */
  static Card of(int rank, RunReport.Mistake mistake, RunReport report, String more) {
    ExplainedImage image = mistake.image();
    String predicted = report.name(image.predicted());
    String truth = report.name(image.label());
    List<MapPicture> pictures = new ArrayList<>();
    pictures.add(plain(image));
    pictures.add(MapPicture.overlay(image, alt(image, report), "for " + predicted));
    pictures.add(
        MapPicture.overlay(
            MapPicture.under(image, mistake.truth()),
            "Image " + image.id() + " under the map of its true class, " + truth,
            "for " + truth));
    ClassMap contrast = MapArithmetic.difference(image.map(), mistake.truth());
    pictures.add(
        MapPicture.map(
            contrast,
            Colormap.COOLWARM,
            Scale.of(contrast).symmetric(),
            "What speaks for " + predicted + " (red) rather than for " + truth + " (blue)",
            predicted + ", not " + truth));
    for (ClassMap shapley : mistake.shapley()) {
      pictures.add(
          MapPicture.map(
              shapley,
              Colormap.COOLWARM,
              Scale.of(shapley).symmetric(),
              "Shapley values of the cells of image " + image.id(),
              "Shapley values: what each cell adds (red) to the probability of "
                  + predicted
                  + ", or takes from it (blue)"));
    }
    return of("mistake-" + rank, pictures, image, report, more);
  }

  private static Card of(
      String anchor,
      List<MapPicture> pictures,
      ExplainedImage image,
      RunReport report,
      String more) {
    return new Card(
        anchor,
        pictures,
        Long.toString(image.id()),
        report.sources().getOrDefault(image.id(), ""),
        report.name(image.predicted()),
        PredictionLine.decimal(image.probability()),
        truth(image, report),
        more);
  }

  private static String truth(ExplainedImage image, RunReport report) {
    return image.trueClass().isPresent() && image.label() != image.predicted()
        ? report.name(image.label())
        : "";
  }

  private static String alt(ExplainedImage image, RunReport report) {
    String truth = truth(image, report);
    return "Image "
        + image.id()
        + " under the map of "
        + report.name(image.map().classIndex())
        + ", predicted with probability "
        + PredictionLine.decimal(image.probability())
        + (truth.isEmpty() ? "" : "; its true class is " + truth);
  }
}
