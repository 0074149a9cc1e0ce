package io.sparkcam.view.html;

import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.Scale;
import java.util.ArrayList;
import java.util.List;

/** The images of one class that were taken for another. */
record PairSection(
    String anchor,
    String label,
    String predicted,
    String images,
    String share,
    List<MapPicture> maps,
    String distance,
    List<Card> examples) {

  /**
   * One pair.
   *
   * @param differences the scale of all differences in the page
   */
  static PairSection of(RunReport report, RunReport.OfPair pair, Scale differences) {
    String label = report.name(pair.label());
    String predicted = report.name(pair.predicted());
    List<ClassMap> means = new ArrayList<>(pair.hits());
    means.add(pair.mean());
    Scale scale = Scale.spanning(means);
    List<MapPicture> maps = new ArrayList<>();
    maps.add(
        MapPicture.map(
            pair.mean(),
            Colormap.VIRIDIS,
            scale,
            "Mean map of " + label + " taken for " + predicted,
            "mistakes\n" + Formats.range(scale.low(), scale.high())));
    String distance = "";
    for (ClassMap hits : pair.hits()) {
      ClassMap difference = MapArithmetic.difference(pair.mean(), hits);
      maps.add(
          MapPicture.map(
              hits,
              Colormap.VIRIDIS,
              scale,
              "Mean map of " + predicted + " that was recognised",
              "right ones\nsame scale"));
      maps.add(
          MapPicture.map(
              difference,
              Colormap.COOLWARM,
              differences,
              "Difference of the two: mistakes less right ones",
              "difference"));
      distance = Formats.value(MapArithmetic.rootMeanSquare(difference));
    }
    return new PairSection(
        ConfusionGrid.pairAnchor(pair.label(), pair.predicted()),
        label,
        predicted,
        Formats.images(pair.images()),
        Formats.percent(pair.images(), report.confusion().labelled(pair.label())),
        maps,
        distance,
        pair.examples().stream().map(image -> Card.of(image, report)).toList());
  }
}
