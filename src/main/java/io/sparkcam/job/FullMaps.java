package io.sparkcam.job;

import io.sparkcam.cam.Box;
import io.sparkcam.cam.BoxFinder;
import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.Explainer;
import io.sparkcam.report.ClassMap;
import io.sparkcam.report.ExplainedImage;
import io.sparkcam.report.ImagePixels;
import io.sparkcam.sink.ExplainedRow;
import io.sparkcam.sink.TableShape;
import java.io.IOException;
import java.util.List;

/** Maps of any class at image resolution, zoomed from those that the table holds of all classes. */
final class FullMaps {
  private final PublishedRun run;
  private final TableShape shape;
  private final Look look;

  /** Null until it is needed: only the run's model knows where its cells lie. */
  private Zoom alignedZoom;

  FullMaps(PublishedRun run, Look look) {
    this.run = run;
    this.shape = run.shape();
    this.look = look;
  }

  /** The image with the map of that class. */
  ExplainedImage explained(ExplainedRow row, int shownClass, ImagePixels image) throws IOException {
    Zoom zoom = look.has(Look.Detail.ALIGNED) ? alignedZoom(image) : Explainer.zoom(shape);
    ClassMap map =
        new ClassMap(shownClass, shape.height(), shape.width(), zoomed(zoom, row, shownClass));
    return new ExplainedImage(
        row.id(),
        row.label(),
        row.predicted(),
        row.probability(),
        image,
        map,
        look.has(Look.Detail.BOX) ? boxes(row, shownClass, image) : List.of());
  }

  private List<Box> boxes(ExplainedRow row, int shownClass, ImagePixels image) throws IOException {
    if (shownClass == row.predicted()) {
      return row.boxes();
    }
    float[] aligned = zoomed(alignedZoom(image), row, shownClass);
    return new BoxFinder(shape.height(), shape.width()).largest(aligned, 0).stream().toList();
  }

  private float[] zoomed(Zoom zoom, ExplainedRow row, int shownClass) {
    float[] map = new float[shape.pixels()];
    zoom.zoom(row.camLow(), shownClass * shape.cells(), map, 0);
    return map;
  }

  private Zoom alignedZoom(ImagePixels image) throws IOException {
    if (alignedZoom == null) {
      alignedZoom = Explainer.alignedZoom(run.network(image.channels()));
    }
    return alignedZoom;
  }
}
