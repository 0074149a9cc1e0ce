package io.sparkcam.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Sums of numbers, element by element, in fixed point: each number is rounded to a multiple of
 * 2^-56, and multiples are added as integers. So a sum does not depend on the order of what is
 * added, nor on how it is split into parts. Numbers of 2^38 and more, infinities, NaN and sums
 * beyond 2^39 are errors.
 */
final class FixedPointSums {
  private static final double HIGH_UNIT = 0x1p-24;
  private static final double LOW_UNIT = 0x1p-56;
  private static final double MOST = 0x1p62;

  /** Multiples of 2^-24. */
  private final long[] high;

  /** Multiples of 2^-56. */
  private final long[] low;

  FixedPointSums(int length) {
    high = new long[length];
    low = new long[length];
  }

  int length() {
    return high.length;
  }

  /** Adds a number to the sum at a place. */
  void add(int place, double value) {
    double scaled = value / HIGH_UNIT;
    if (!(Math.abs(scaled) < MOST)) {
      throw new ArithmeticException("value " + value + " is too large to be summed up");
    }
    long whole = (long) scaled;
    high[place] = Math.addExact(high[place], whole);
    low[place] = Math.addExact(low[place], (long) Math.rint((scaled - whole) * 0x1p32));
  }

  /** Adds {@code count} values from {@code from} on to the sums from {@code place} on. */
  void add(int place, float[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      add(place + i, values[from + i]);
    }
  }

  /** Adds the squares of {@code count} values, which doubles hold exactly. */
  void addSquares(int place, float[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      double value = values[from + i];
      add(place + i, value * value);
    }
  }

  double sum(int place) {
    return high[place] * HIGH_UNIT + low[place] * LOW_UNIT;
  }

  void write(DataOutput out) throws IOException {
    for (int i = 0; i < high.length; i++) {
      out.writeLong(high[i]);
      out.writeLong(low[i]);
    }
  }

  /** Adds the sums of others, of the same length. */
  void addWritten(DataInput in) throws IOException {
    for (int i = 0; i < high.length; i++) {
      high[i] = Math.addExact(high[i], in.readLong());
      low[i] = Math.addExact(low[i], in.readLong());
    }
  }
}
