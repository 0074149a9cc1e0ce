package io.sparkcam.view;

import io.sparkcam.cam.Box;
import io.sparkcam.cam.BoxFinder;
import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.table.ExplainedRow;
import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.ExplainedImage;
import io.sparkcam.view.picture.ImagePixels;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Maps of any class at image resolution, zoomed from those that the table holds of all classes. */
final class ZoomedMaps {
  private final PublishedRun run;
  private final ExplanationShape shape;
  private final ViewOptions look;

  /** Null until it is needed: only the run's model knows where its cells lie. */
  private Zoom alignedZoom;

  ZoomedMaps(PublishedRun run, ViewOptions look) {
    this.run = run;
    this.shape = run.shape();
    this.look = look;
  }

  /** The image with the map of that class. */
  ExplainedImage explained(ExplainedRow row, int shownClass, ImagePixels image) throws IOException {
    return explained(row, shownClass, ClassMap.NONE, image);
  }

  /** The image with the map of that class, less the map of another. */
  ExplainedImage explained(ExplainedRow row, int shownClass, int against, ImagePixels image)
      throws IOException {
    Zoom zoom = look.has(ViewOptions.Detail.ALIGNED) ? alignedZoom() : Explainer.zoom(shape);
    float[] low = low(row, shownClass, against);
    ClassMap map =
        new ClassMap(shownClass, against, shape.height(), shape.width(), zoomed(zoom, low));
    return new ExplainedImage(
        row.id(),
        row.label(),
        row.predicted(),
        row.probability(),
        image,
        map,
        look.has(ViewOptions.Detail.BOX) ? boxes(row, map, low) : List.of());
  }

  private List<Box> boxes(ExplainedRow row, ClassMap map, float[] low) throws IOException {
    if (map.classIndex() == row.predicted() && map.against() == ClassMap.NONE) {
      return row.boxes();
    }
    float[] aligned = zoomed(alignedZoom(), low);
    return new BoxFinder(shape.height(), shape.width()).largest(aligned, 0).stream().toList();
  }

  /** (h, w) at feature resolution. */
  float[] low(ExplainedRow row, int shownClass, int against) throws IOException {
    float[] maps = row.camLow();
    int cells = shape.cells();
    float[] low = Arrays.copyOfRange(maps, shownClass * cells, (shownClass + 1) * cells);
    for (int cell = 0; cell < cells && against != ClassMap.NONE; cell++) {
      low[cell] -= maps[against * cells + cell];
    }
    if (Float.isNaN(low[0])) {
      throw new IOException(
          "%s: image %s has maps of its %s likeliest classes, not of %s"
              .formatted(
                  run.directory(),
                  row.id(),
                  shape.mapped(),
                  against == ClassMap.NONE ? shownClass : shownClass + " and " + against));
    }
    return low;
  }

  private float[] zoomed(Zoom zoom, float[] low) {
    float[] map = new float[shape.pixels()];
    zoom.zoom(low, 0, map, 0);
    return map;
  }

  private Zoom alignedZoom() throws IOException {
    if (alignedZoom == null) {
      alignedZoom =
          Explainer.alignedZoom(run.model().network())
              .orElseThrow(
                  () ->
                      new IOException(
                          run.directory()
                              + ": its model's cells look at several places, so they can only be"
                              + " drawn corner on corner"));
    }
    return alignedZoom;
  }
}
