package io.sparkcam.data.table;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * An array of numbers as nested lists, rows of columns of channels, held as bytes where they are
 * whole and 0 to 255, else as doubles. Elements are {@link Integer}s of a column of whole numbers
 * and {@link Double}s of one of fractions; those that are missing are NaN.
 */
final class NumberList extends AbstractList<Object> implements RandomAccess, Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] sizes;
  private final byte[] small;
  private final double[] large;
  private final boolean fractions;
  private final int level;
  private final int first;

  private NumberList(
      int[] sizes, byte[] small, double[] large, boolean fractions, int level, int first) {
    this.sizes = sizes;
    this.small = small;
    this.large = large;
    this.fractions = fractions;
    this.level = level;
    this.first = first;
  }

  /**
   * An array.
   *
   * @param sizes of the dimensions, outermost first; their product is the number of values
   * @param values in the order of the dimensions
   * @param fractions whether the column is of fractions
   */
  static NumberList of(int[] sizes, double[] values, boolean fractions) {
    byte[] small = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      int whole = (int) values[i];
      if (whole != values[i] || whole < 0 || whole > 255) {
        return new NumberList(sizes, null, values, fractions, 0, 0);
      }
      small[i] = (byte) whole;
    }
    return new NumberList(sizes, small, null, fractions, 0, 0);
  }

  @Override
  public int size() {
    return sizes[level];
  }

  @Override
  public Object get(int index) {
    if (index < 0 || index >= sizes[level]) {
      throw new IndexOutOfBoundsException(index + " of " + sizes[level]);
    }
    if (level < sizes.length - 1) {
      int below = 1;
      for (int i = level + 1; i < sizes.length; i++) {
        below *= sizes[i];
      }
      return new NumberList(sizes, small, large, fractions, level + 1, first + index * below);
    }
    double value = small == null ? large[first + index] : small[first + index] & 0xff;
    // No conditional expression, which would make doubles of both.
    if (fractions || value != Math.rint(value)) {
      return value;
    }
    return value == (int) value ? (Number) (int) value : (Number) (long) value;
  }
}
