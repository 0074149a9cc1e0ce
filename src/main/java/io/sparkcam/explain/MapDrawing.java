package io.sparkcam.explain;

import io.sparkcam.cam.ControlMap;
import io.sparkcam.cam.Zoom;
import io.sparkcam.network.CamNetwork;
import java.util.Arrays;

/**
 * Draws the predicted class's maps of a batch at the size of the images, aligned with what the
 * network saw, and their controls. Belongs to one thread at a time.
 */
public final class MapDrawing {
  private final ExplanationShape shape;
  private final Zoom zoom;
  private final float[] centred;
  private final long seed;

  /**
   * @param model that has a cell grid
   * @param seed of the random maps
   */
  public MapDrawing(CamNetwork model, long seed) {
    this.shape = ExplanationShape.of(model);
    this.zoom = Explainer.alignedZoom(model).orElseThrow();
    this.centred = ControlMap.centred(model.height(), model.width());
    this.seed = seed;
  }

  /**
   * Draws a row's map.
   *
   * @param map receives (H, W)
   */
  public void draw(MeasuredMap measured, ExplanationBatch batch, int row, float[] map) {
    int from = row * shape.maps() + batch.predicted()[row] * shape.cells();
    switch (measured) {
      case CAM -> zoom.zoom(batch.camLow(), from, map, 0);
      case RANDOM -> {
        float[] cells = Arrays.copyOfRange(batch.camLow(), from, from + shape.cells());
        zoom.zoom(ControlMap.shuffled(cells, seed, batch.ids()[row]), 0, map, 0);
      }
      case CENTRED -> System.arraycopy(centred, 0, map, 0, map.length);
    }
  }
}
