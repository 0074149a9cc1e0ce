package io.sparkcam.network.file.onnx;

import java.io.Serializable;

/**
 * Where the cells of one axis look.
 *
 * @param offset pixels from the first pixel's centre to the centre of the first cell's window; NaN
 *     where the cells have no one window
 * @param stride pixels between the centres of neighbouring cells' windows
 */
record CellWindow(double offset, double stride) implements Serializable {
  /** Of the pixels themselves. */
  static final CellWindow PIXELS = new CellWindow(0, 1);

  /** Of cells that look at several places. */
  static final CellWindow NONE = new CellWindow(Double.NaN, Double.NaN);

  /** Moved by so many cells, of which every {@code step}-th is left. */
  CellWindow moved(double cells, double step) {
    return new CellWindow(offset + cells * stride, stride * step);
  }
}
