package io.sparkcam.network;

import java.io.Serializable;

/** Where the cells of feature maps look in the image, each axis for itself. */
public record CellGrid(Axis rows, Axis columns) implements Serializable {
  /**
   * Where the cells of one axis look.
   *
   * @param offset pixels from the first pixel's centre to the centre of the first cell's window
   * @param stride pixels between the centres of neighbouring cells' windows
   */
  public record Axis(double offset, double stride) implements Serializable {
    /** Of the pixels themselves. */
    public static final Axis PIXELS = new Axis(0, 1);

    /** Moved by so many cells, of which every {@code step}-th is left. */
    public Axis moved(double cells, double step) {
      return new Axis(offset + cells * stride, stride * step);
    }
  }

  /** The same along rows and columns. */
  public static CellGrid square(double offset, double stride) {
    Axis axis = new Axis(offset, stride);
    return new CellGrid(axis, axis);
  }
}
