package io.sparkcam.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OuterLoopTest {
  /** Three rounds by hand: u = 0.5 u + d, x = x + 0.5 (0.5 u + d), every value exact in binary. */
  @Test
  void nesterovGoesOnInTheDirectionOfEarlierRounds() {
    OuterNesterov outer = OuterNesterov.fresh(0.5, 0.5, 2);
    float[] weights = {0, 8};
    outer.step(weights, new float[] {4, 8, 99});
    assertArrayEquals(new float[] {3, 8}, weights);
    assertArrayEquals(new float[] {4, 0}, outer.velocity());
    outer.step(weights, new float[] {3, 4});
    assertArrayEquals(new float[] {3.5f, 5}, weights);
    assertArrayEquals(new float[] {2, -4}, outer.velocity());
    outer.step(weights, new float[] {3.5f, 5});
    assertArrayEquals(new float[] {3.75f, 4.5f}, weights);
  }

  /** The plain average to the last bit, also where the way to it would be rounded. */
  @Test
  void rateOfOneWithoutMomentumIsTheAverage() {
    float[] weights = {1e10f, -0.1f};
    OuterNesterov outer = OuterNesterov.fresh(1, 0, 2);
    outer.step(weights, new float[] {1.1f, 1e-20f});
    assertArrayEquals(new float[] {1.1f, 1e-20f}, weights);
    assertEquals(0, outer.velocity().length);
  }

  @Test
  void averageForgetsEarlierRounds() {
    WeightAverage average = WeightAverage.of(0.75, new float[0]);
    average.add(new float[] {4, 0});
    assertArrayEquals(new float[] {4, 0}, average.values());
    average.add(new float[] {8, 4});
    assertArrayEquals(new float[] {5, 1}, average.values());
    WeightAverage resumed = WeightAverage.of(0.75, average.values());
    resumed.add(new float[] {1, 1});
    assertArrayEquals(new float[] {4, 1}, resumed.values());
  }

  @Test
  void noAverageIsKeptWithoutDecay() {
    OuterLoop loop = OuterLoop.Plan.PLAIN.fresh(1);
    float[] last = {3};
    assertArrayEquals(last, loop.weights(last));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "-1, 0", "Infinity, 0", "NaN, 0", "1, 1", "1, -0.1", "1, NaN"})
  void impossibleMomentumIsRefused(double rate, double momentum) {
    assertEquals(
        "outer rate %s and momentum %s, expected a positive number and 0 to below 1"
            .formatted(rate, momentum),
        assertThrows(IllegalArgumentException.class, () -> OuterNesterov.fresh(rate, momentum, 1))
            .getMessage());
  }

  @Test
  void velocityOfOtherWeightsIsRefused() {
    assertEquals(
        "velocity of 3 values, expected 2",
        assertThrows(
                IllegalArgumentException.class, () -> OuterNesterov.of(1, 0.5, 2, new float[3]))
            .getMessage());
  }
}
