package io.sparkcam.data;

import java.io.Serializable;

/**
 * A shuffle of 0 to n - 1 that needs no table: any position is computed from the seed and the epoch
 * alone.
 *
 * <p>A balanced Feistel network of {@value #ROUNDS} rounds permutes the smallest power of four that
 * holds n; a value outside 0 to n - 1 is permuted again until it falls inside (cycle walking: Black
 * and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002), fewer than four times on average.
 * The round function and the keys come from SplitMix64 with Stafford's thirteenth mixer (Steele,
 * Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
 */
public final class SeededPermutation implements Serializable {
  private static final long serialVersionUID = 1;

  /** The largest n. */
  public static final long MAX_SIZE = 1L << 40;

  private static final int ROUNDS = 8;
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final long size;
  private final int halfBits;
  private final long[] keys = new long[ROUNDS];

  public SeededPermutation(long size, long seed, int epoch) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("permutation of " + size + ", expected 1 to 2^40");
    }
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch " + epoch + ", expected at least 0");
    }
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    // Mixed twice so that (seed, epoch) and (seed + 1, epoch - 1) have nothing in common.
    long stream = mix(mix(seed + GOLDEN_GAMMA) + epoch);
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = mix(stream + (round + 1) * GOLDEN_GAMMA);
    }
  }

  public long size() {
    return size;
  }

  /** Where the shuffle puts {@code index}. */
  public long position(long index) {
    requireInside(index);
    long value = index;
    do {
      value = forward(value);
    } while (value >= size);
    return value;
  }

  /** What the shuffle puts at {@code position}. */
  public long index(long position) {
    requireInside(position);
    long value = position;
    do {
      value = backward(value);
    } while (value >= size);
    return value;
  }

  private long forward(long value) {
    long mask = (1L << halfBits) - 1;
    long left = value >>> halfBits;
    long right = value & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (mix(right + keys[round]) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private long backward(long value) {
    long mask = (1L << halfBits) - 1;
    long left = value >>> halfBits;
    long right = value & mask;
    for (int round = ROUNDS - 1; round >= 0; round--) {
      long previous = right ^ (mix(left + keys[round]) & mask);
      right = left;
      left = previous;
    }
    return left << halfBits | right;
  }

  private void requireInside(long value) {
    if (value < 0 || value >= size) {
      throw new IllegalArgumentException(value + ", expected 0 to " + (size - 1));
    }
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
