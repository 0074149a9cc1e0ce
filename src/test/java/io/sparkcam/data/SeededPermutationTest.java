package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeededPermutationTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 16, 17, 64, 1000, 54001})
  void everyPositionIsTakenOnce(int size) {
    for (int epoch = 0; epoch < 3; epoch++) {
      SeededPermutation shuffle = new SeededPermutation(size, 5, epoch);
      BitSet taken = new BitSet(size);
      for (int i = 0; i < size; i++) {
        long position = shuffle.position(i);
        assertTrue(position >= 0 && position < size);
        assertEquals(i, shuffle.index(position));
        taken.set((int) position);
      }
      assertEquals(size, taken.cardinality());
    }
  }

  /**
   * The reference values come from this:
   *
   * <pre>{@code
   * M = (1 << 64) - 1
   * G = 0x9E3779B97F4A7C15
   *
   * def mix(z):
   *     z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & M
   *     z = ((z ^ z >> 27) * 0x94D049BB133111EB) & M
   *     return z ^ z >> 31
   *
   * def position(n, seed, epoch, i):
   *     half = max(1, ((n - 1).bit_length() + 1) // 2)
   *     stream = mix((mix((seed + G) & M) + epoch) & M)
   *     keys = [mix((stream + r * G) & M) for r in range(1, 9)]
   *     while True:
   *         left, right = divmod(i, 1 << half)
   *         for key in keys:
   *             left, right = right, left ^ mix((right + key) & M) % (1 << half)
   *         i = left << half | right
   *         if i < n:
   *             return i
   *
   * print([position(10, 0, 0, i) for i in range(10)])
   * print([position(54000, 42, 3, i) for i in (0, 1, 2, 53999)])
   * print([position(2**40, -1, 7, i) for i in (0, 1, 2**40 - 1)])
   * }</pre>
   */
  @Test
  void orderIsTheSameForever() {
    assertArrayEquals(
        new long[] {5, 2, 8, 6, 0, 4, 9, 7, 1, 3}, positions(10, 0, 0, LongStream.range(0, 10)));
    assertArrayEquals(
        new long[] {15482, 12991, 46182, 30851},
        positions(54_000, 42, 3, LongStream.of(0, 1, 2, 53_999)));
    assertArrayEquals(
        new long[] {50065405027L, 121410216538L, 866984956864L},
        positions(1L << 40, -1, 7, LongStream.of(0, 1, (1L << 40) - 1)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 0", "0, 2", "0, 1", "-1, 0"})
  void seedAndEpochChangeTheOrder(long seed, int epoch) {
    LongStream all = LongStream.range(0, 1000);
    long[] order = positions(1000, 1, 0, LongStream.range(0, 1000));
    assertFalse(Arrays.equals(order, positions(1000, seed, epoch, all)));
  }

  @Test
  void largestSizeIsInvertible() {
    long size = SeededPermutation.MAX_SIZE - 1;
    SeededPermutation shuffle = new SeededPermutation(size, 9, 1);
    for (long index : new long[] {0, 1, size / 2, size - 1}) {
      assertEquals(index, shuffle.index(shuffle.position(index)));
    }
  }

  // Chi-square bounds: the 0.1% quantile of the distribution. Everything is deterministic, so
  // these pass or fail for good; an even shuffle misses one such bound in a thousand.

  @ParameterizedTest
  @CsvSource({"0, 3", "1, 17", "2, 999"})
  void overTheEpochsAnImageComesEverywhereEquallyOften(long seed, int index) {
    int[] counts = new int[10];
    for (int epoch = 0; epoch < 10_000; epoch++) {
      counts[(int) (new SeededPermutation(1000, seed, epoch).position(index) / 100)]++;
    }
    assertTrue(chiSquare(counts) < 27.9, "9 degrees of freedom: " + chiSquare(counts));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void neighboursAreSentIndependently(long seed) {
    int size = 54_001;
    SeededPermutation shuffle = new SeededPermutation(size, seed, 0);
    int[] counts = new int[256];
    for (int i = 0; i + 1 < size; i += 2) {
      counts[(int) (shuffle.position(i) * 16 / size * 16 + shuffle.position(i + 1) * 16 / size)]++;
    }
    assertTrue(chiSquare(counts) < 330.5, "255 degrees of freedom: " + chiSquare(counts));
  }

  @Test
  void allOrdersOfThreeAreEquallyLikely() {
    int[] counts = new int[6];
    for (int epoch = 0; epoch < 6000; epoch++) {
      SeededPermutation shuffle = new SeededPermutation(3, 1, epoch);
      long first = shuffle.position(0);
      counts[(int) (2 * first + (shuffle.position(1) > shuffle.position(2) ? 1 : 0))]++;
    }
    assertTrue(chiSquare(counts) < 20.5, "5 degrees of freedom: " + chiSquare(counts));
  }

  @Test
  void impossibleArgumentsAreRefused() {
    assertRefused("permutation of 0, expected 1 to 2^40", () -> new SeededPermutation(0, 1, 0));
    assertRefused(
        "permutation of 1099511627777, expected 1 to 2^40",
        () -> new SeededPermutation((1L << 40) + 1, 1, 0));
    assertRefused("epoch -1, expected at least 0", () -> new SeededPermutation(1, 1, -1));
    SeededPermutation shuffle = new SeededPermutation(5, 1, 0);
    assertRefused("5, expected 0 to 4", () -> shuffle.position(5));
    assertRefused("-1, expected 0 to 4", () -> shuffle.index(-1));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static long[] positions(long size, long seed, int epoch, LongStream indices) {
    return indices.map(new SeededPermutation(size, seed, epoch)::position).toArray();
  }

  private static double chiSquare(int[] counts) {
    double expected = (double) Arrays.stream(counts).sum() / counts.length;
    return Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }
}
