package io.sparkcam.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.cluster.FloatBytes;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WeightedAverageTest {
  private static RoundResult result(long examples, float... state) {
    return new RoundResult(FloatBytes.of(state), examples, 0, 0, 0);
  }

  @Test
  void examplesWeigh() {
    assertArrayEquals(
        new float[] {4, -1.5f, 0},
        WeightedAverage.of(List.of(result(30, 5, -2, 0), result(10, 1, 0, 0))));
  }

  @Test
  void oneWorkerIsItsOwnAverage() {
    float[] state = {0.1f, -3e-38f, 3e38f};
    assertArrayEquals(state, WeightedAverage.of(List.of(result(7, state))));
  }

  @Test
  void whoSawNothingCountsForNothing() {
    assertArrayEquals(
        new float[] {3},
        WeightedAverage.of(List.of(result(0, Float.NaN), result(4, 3), result(0, 9))));
  }

  /** More values than are averaged together, and no multiple of them. */
  @Test
  void manyValuesKeepTheirPlaces() {
    float[] one = new float[10_007];
    float[] other = new float[one.length];
    float[] expected = new float[one.length];
    for (int i = 0; i < one.length; i++) {
      one[i] = i;
      other[i] = -3 * i;
      expected[i] = -2 * i;
    }
    assertArrayEquals(expected, WeightedAverage.of(List.of(result(1, one), result(3, other))));
  }

  /** Sums in single precision would lose the small values. */
  @Test
  void sumsInDoublePrecision() {
    float[] average = WeightedAverage.of(List.of(result(1, 1e8f), result(1, 1), result(1, -1e8f)));
    assertEquals(1f / 3, average[0], 1e-7);
  }

  /** The weights' rounding is far below half a place of a float. */
  @Property(tries = 200)
  void equalStatesAreTheirOwnAverage(
      @ForAll @Size(min = 1, max = 40) List<@LongRange(min = 1, max = 1L << 40) Long> examples,
      @ForAll @Size(min = 1, max = 9) float[] state) {
    assertArrayEquals(
        state, WeightedAverage.of(examples.stream().map(seen -> result(seen, state)).toList()));
  }

  @Test
  void someoneMustHaveTrained() {
    assertEquals(
        "no worker trained on anything",
        assertThrows(
                IllegalArgumentException.class,
                () -> WeightedAverage.of(List.of(result(0, 1), result(0, 2))))
            .getMessage());
  }
}
