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
import java.util.List;

/** Maps of any class at image resolution, zoomed from those that the table holds of all classes. */
final class FullMaps {
  private final TableShape shape;
  private final Look look;
  private final Zoom zoom;
  private final Zoom alignedZoom;

  FullMaps(TableShape shape, Look look) {
    this.shape = shape;
    this.look = look;
    this.alignedZoom = Explainer.alignedZoom(shape, shape.featureStride());
    this.zoom = look.has(Look.Detail.ALIGNED) ? alignedZoom : Explainer.zoom(shape);
  }

  /** The image with the map of that class. */
  ExplainedImage explained(ExplainedRow row, int shownClass, ImagePixels image) {
    ClassMap map =
        new ClassMap(
            shownClass, shape.height(), shape.width(), zoomed(zoom, row.camLow(), shownClass));
    return new ExplainedImage(
        row.id(),
        row.label(),
        row.predicted(),
        row.probability(),
        image,
        map,
        look.has(Look.Detail.BOX) ? boxes(row, shownClass) : List.of());
  }

  private List<Box> boxes(ExplainedRow row, int shownClass) {
    if (shownClass == row.predicted()) {
      return row.boxes();
    }
    float[] aligned = zoomed(alignedZoom, row.camLow(), shownClass);
    return new BoxFinder(shape.height(), shape.width()).largest(aligned, 0).stream().toList();
  }

  private float[] zoomed(Zoom by, float[] camLow, int shownClass) {
    float[] map = new float[shape.pixels()];
    by.zoom(camLow, shownClass * shape.cells(), map, 0);
    return map;
  }
}
