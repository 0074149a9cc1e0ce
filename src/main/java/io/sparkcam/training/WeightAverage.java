package io.sparkcam.training;

/**
 * An exponential moving average of the weights, a value a round: {@code a = decay * a + (1 - decay)
 * * x}, which is better than its last term while the rate is still high (Polyak and Juditsky 1992;
 * Izmailov et al. 2018; Morales-Brotons et al. 2024). Training itself goes on from the weights, not
 * from their average.
 */
final class WeightAverage {
  private final double decay;
  private float[] values;

  private WeightAverage(double decay, float[] values) {
    this.decay = decay;
    this.values = values;
  }

  /**
   * Goes on from an average.
   *
   * @param decay 0 to below 1; 0: no average is kept
   * @param values empty before the first round
   */
  static WeightAverage of(double decay, float[] values) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "decay of the average: %s, expected 0 to below 1".formatted(decay));
    }
    return new WeightAverage(decay, values.clone());
  }

  /** Takes in the weights after a round. */
  void add(float[] weights) {
    if (decay == 0) {
      return;
    }
    if (values.length == 0) {
      values = weights.clone();
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (decay * values[i] + (1 - decay) * weights[i]);
    }
  }

  /** A copy; empty where none is kept, and before the first round. */
  float[] values() {
    return values.clone();
  }
}
