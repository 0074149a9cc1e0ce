package io.sparkcam.network.engine.winograd;

/**
 * How the feature maps of a batch lie in a {@code float[]}: {@code (batch, paddedRows,
 * paddedColumns, channels)}, the maps themselves in the middle, around them zeros that a
 * convolution reads past their edge.
 *
 * @param rows of the maps
 * @param columns of the maps
 * @param channels stored, which may be more than there are
 * @param border rows above and columns to the left of the maps
 * @param paddedRows all rows stored
 * @param paddedColumns all columns stored
 */
record FeaturePlanes(
    int rows, int columns, int channels, int border, int paddedRows, int paddedColumns) {

  static FeaturePlanes plain(int rows, int columns, int channels) {
    return new FeaturePlanes(rows, columns, channels, 0, rows, columns);
  }

  /** Floats from one row to the next. */
  int rowStride() {
    return paddedColumns * channels;
  }

  /** Floats of one image. */
  int imageSize() {
    return paddedRows * rowStride();
  }

  /** Where the maps' value (0, 0) of the first channel is. */
  int start(int image) {
    return image * imageSize() + border * (rowStride() + channels);
  }
}
