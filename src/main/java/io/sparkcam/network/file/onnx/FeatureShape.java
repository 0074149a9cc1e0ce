package io.sparkcam.network.file.onnx;

import java.io.Serializable;

/**
 * The features of one image, and where their cells look.
 *
 * @param height h: rows of cells
 * @param width w: columns of cells
 * @param channels K
 */
record FeatureShape(int height, int width, int channels, CellWindow rows, CellWindow columns)
    implements Serializable {

  /** Of a tensor of rank 4 with cells. */
  static FeatureShape of(Extent features) {
    int[] dims = features.dims();
    return new FeatureShape(
        dims[features.rowAxis()],
        dims[features.columnAxis()],
        dims[features.channelAxis()],
        features.rows(),
        features.columns());
  }

  int size() {
    return height * width * channels;
  }
}
