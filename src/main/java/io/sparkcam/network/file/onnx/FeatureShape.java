package io.sparkcam.network.file.onnx;

import io.sparkcam.network.CellGrid;
import java.io.Serializable;

/**
 * The features of one image.
 *
 * @param height h: rows of cells
 * @param width w: columns of cells
 * @param channels K
 * @param grid where they look; null where each looks at several places
 */
record FeatureShape(int height, int width, int channels, CellGrid grid) implements Serializable {

  /** Of a tensor of rank 4 with cells. */
  static FeatureShape of(Extent features) {
    int[] dims = features.dims();
    boolean known =
        Double.isFinite(features.rows().offset()) && Double.isFinite(features.columns().offset());
    return new FeatureShape(
        dims[features.rowAxis()],
        dims[features.columnAxis()],
        dims[features.channelAxis()],
        known ? new CellGrid(features.rows(), features.columns()) : null);
  }

  int size() {
    return height * width * channels;
  }
}
