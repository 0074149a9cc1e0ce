package io.sparkcam.aggregate;

import java.util.Arrays;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Aggregator;

/**
 * Counts floats by one digit of their place in the ascending order of all floats, a digit being 16
 * bits: one step of a radix selection. Values are told apart by the digits before, their prefix,
 * and only those of given prefixes are counted.
 */
final class DigitCounts extends Aggregator<float[], long[], long[]> {
  /** Values of a digit. */
  static final int RADIX = 1 << 16;

  private static final long serialVersionUID = 1L;

  private final int shift;
  private final int[] prefixes;
  private final Encoder<long[]> encoder;
  private transient int[] slots;

  /**
   * Counts by the digit at a place.
   *
   * @param place 1 for the high digit, 0 for the low one
   * @param prefixes ascending; for the high digit there is but one, 0
   */
  DigitCounts(SparkSession spark, int place, int... prefixes) {
    shift = 16 * place;
    this.prefixes = prefixes.clone();
    encoder = spark.implicits().newLongArrayEncoder();
  }

  /**
   * A number from 0 to 2^32 - 1 that ascends with the value: zeros are alike, values that are no
   * numbers come last.
   */
  static long order(float value) {
    int bits = Float.floatToIntBits(value + 0f); // -0 + 0 is 0
    return Integer.toUnsignedLong(bits ^ (bits >> 31 | Integer.MIN_VALUE));
  }

  /** The value that has this number. */
  static float value(long order) {
    int bits = (int) order;
    return Float.intBitsToFloat(bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits);
  }

  @Override
  public long[] zero() {
    return new long[prefixes.length * RADIX];
  }

  /** Counts of the digit's values, {@link #RADIX} for each prefix in turn. */
  @Override
  public long[] reduce(long[] counts, float[] values) {
    int[] slotOf = slots();
    for (float value : values) {
      long digits = order(value) >>> shift;
      int prefix = (int) (digits >>> 16);
      int slot = prefix < slotOf.length ? slotOf[prefix] : -1;
      if (slot >= 0) {
        counts[slot * RADIX + (int) (digits & (RADIX - 1))]++;
      }
    }
    return counts;
  }

  private int[] slots() {
    if (slots == null) {
      slots = new int[prefixes[prefixes.length - 1] + 1];
      Arrays.fill(slots, -1);
      for (int i = 0; i < prefixes.length; i++) {
        slots[prefixes[i]] = i;
      }
    }
    return slots;
  }

  @Override
  public long[] merge(long[] counts, long[] others) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += others[i];
    }
    return counts;
  }

  @Override
  public long[] finish(long[] counts) {
    return counts;
  }

  @Override
  public Encoder<long[]> bufferEncoder() {
    return encoder;
  }

  @Override
  public Encoder<long[]> outputEncoder() {
    return encoder;
  }
}
