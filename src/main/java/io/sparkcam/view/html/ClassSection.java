package io.sparkcam.view.html;

import io.sparkcam.view.picture.Colormap;
import io.sparkcam.view.picture.Scale;
import java.util.List;

/**
 * What was predicted as one class.
 *
 * @param precision empty without labels
 * @param recall empty without labels
 */
record ClassSection(
    String anchor,
    String name,
    String images,
    String precision,
    String recall,
    List<MapPicture> maps,
    String examplesTitle,
    List<Card> examples) {

  static ClassSection of(RunReport report, RunReport.OfClass part) {
    String name = report.name(part.predicted());
    Scale mean = Scale.of(part.mean());
    Scale variance = new Scale(0, Scale.of(part.variance()).high());
    ConfusionCounts confusion = report.confusion();
    int number = part.predicted();
    boolean labelled = confusion.images() > 0;
    long hits = confusion.at(number, number);
    return new ClassSection(
        ConfusionGrid.classAnchor(number),
        name,
        Formats.images(part.images()),
        labelled ? Formats.share(hits, confusion.predicted(number)) : "",
        labelled ? Formats.share(hits, confusion.labelled(number)) : "",
        List.of(
            MapPicture.map(
                part.mean(),
                Colormap.VIRIDIS,
                mean,
                "Mean map of all predicted as " + name,
                "mean\n" + Formats.range(mean.low(), mean.high())),
            MapPicture.map(
                part.variance(),
                Colormap.INFERNO,
                variance,
                "Variance of the maps of all predicted as " + name,
                "variance\n" + Formats.range(variance.low(), variance.high()))),
        part.examples().size() == 1
            ? "The first predicted as " + name
            : "The first " + part.examples().size() + " predicted as " + name,
        part.examples().stream().map(image -> Card.of(image, report)).toList());
  }
}
