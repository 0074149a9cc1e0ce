package io.sparkcam.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Counts floats by one digit of their place in the ascending order of all floats: a step of a radix
 * selection. The high digit are the upper 20 of 32 bits, the low digit the other 12. Values are
 * told apart by the digits before, their prefix, and only those of given prefixes are counted.
 */
final class DigitCounts {
  private static final int LOW_BITS = 12;
  private static final int HIGH_BITS = Integer.SIZE - LOW_BITS;

  private final int shift;
  private final int bits;
  private final int[] prefixes;
  private final long[] counts;

  private DigitCounts(int shift, int bits, int... prefixes) {
    this.shift = shift;
    this.bits = bits;
    this.prefixes = prefixes.clone();
    this.counts = new long[Math.multiplyExact(prefixes.length, 1 << bits)];
  }

  /** Counts by the high digit. */
  static DigitCounts high() {
    return new DigitCounts(LOW_BITS, HIGH_BITS, 0);
  }

  /**
   * Counts by the low digit.
   *
   * @param prefixes high digits, ascending
   */
  static DigitCounts low(int... prefixes) {
    return new DigitCounts(0, LOW_BITS, prefixes);
  }

  /**
   * A number from 0 to 2^32 - 1 that ascends with the value: zeros are alike, values that are no
   * numbers come last.
   */
  static long order(float value) {
    int bits = Float.floatToIntBits(value + 0f); // -0 + 0 is 0
    return Integer.toUnsignedLong(bits ^ (bits >> 31 | Integer.MIN_VALUE));
  }

  /** The value of a high and a low digit. */
  static float value(int high, int low) {
    int bits = high << LOW_BITS | low;
    return Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits);
  }

  /** Counts {@code count} values from {@code from} on. */
  void add(float[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      long digits = order(values[i]) >>> shift;
      int slot = slot((int) (digits >>> bits));
      if (slot >= 0) {
        counts[(slot << bits) + (int) (digits & ((1 << bits) - 1))]++;
      }
    }
  }

  private int slot(int prefix) {
    return prefixes.length == 1 && prefixes[0] == prefix
        ? 0
        : Arrays.binarySearch(prefixes, prefix);
  }

  long total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Where a value was counted.
   *
   * @param rank of the value among those counted there, from 1
   */
  record Place(int digit, long rank) {}

  /** The digit of the value of a rank, from 1, among those of a prefix. */
  Place place(int prefix, long rank) {
    int offset = slot(prefix) << bits;
    int digit = 0;
    long rest = rank;
    while (rest > counts[offset + digit]) {
      rest -= counts[offset + digit];
      digit++;
    }
    return new Place(digit, rest);
  }

  /** Writes the counts that are not 0. */
  void write(DataOutput out) throws IOException {
    out.writeInt((int) Arrays.stream(counts).filter(count -> count != 0).count());
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        out.writeInt(i);
        out.writeLong(counts[i]);
      }
    }
  }

  /** Adds counts that were written of the same digit and prefixes. */
  void addWritten(DataInput in) throws IOException {
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      counts[in.readInt()] += in.readLong();
    }
  }
}
