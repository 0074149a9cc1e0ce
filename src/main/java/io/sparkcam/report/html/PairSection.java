package io.sparkcam.report.html;

import io.sparkcam.report.ClassMap;
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

  static PairSection of(
      RunReport report, RunReport.OfPair pair, ColourBar mean, ColourBar difference) {
    String label = report.name(pair.label());
    String predicted = report.name(pair.predicted());
    List<MapPicture> maps = new ArrayList<>();
    maps.add(
        MapPicture.map(
            pair.mean(),
            mean,
            "Mean map of " + label + " taken for " + predicted,
            pair.images() == 1 ? "this mistake" : "these mistakes"));
    String distance = "";
    for (ClassMap hits : pair.hits()) {
      ClassMap gap = Maps.difference(pair.mean(), hits);
      maps.add(
          MapPicture.map(
              hits, mean, "Mean map of " + predicted + " that was recognised", "right ones"));
      maps.add(
          MapPicture.map(
              gap, difference, "Difference of the two: mistakes less right ones", "difference"));
      distance = Words.value(Maps.rootMeanSquare(gap));
    }
    return new PairSection(
        Matrix.pairAnchor(pair.label(), pair.predicted()),
        label,
        predicted,
        Words.images(pair.images()),
        Words.percent(pair.images(), report.confusion().labelled(pair.label())),
        maps,
        distance,
        pair.examples().stream().map(image -> Card.of(image, report::name)).toList());
  }
}
