package io.sparkcam.training;

/**
 * Nesterov momentum between rounds, on the driver: what the workers' average is away from the
 * weights they started with is a step that has momentum (DiLoCo, Douillard et al. 2023; SlowMo,
 * Wang et al. 2020). With {@code d = average - x}, a round makes {@code u = momentum * u + d} and
 * {@code x = x + rate * (momentum * u + d)}. Rate 1 without momentum is the plain average.
 *
 * <p>It moves weights alone: Adam's moments are averaged, since those that are extrapolated may be
 * negative.
 */
public final class OuterNesterov {
  private final double rate;
  private final double momentum;
  private final float[] velocity;

  /**
   * Takes over the velocity, {@code u}.
   *
   * @param velocity of as many values as there are weights, zero at first; empty where there is no
   *     momentum
   */
  private OuterNesterov(double rate, double momentum, float[] velocity) {
    if (!(rate > 0) || Double.isInfinite(rate) || !(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "outer rate %s and momentum %s, expected a positive number and 0 to below 1"
              .formatted(rate, momentum));
    }
    this.rate = rate;
    this.momentum = momentum;
    this.velocity = velocity;
  }

  /** At rest. */
  public static OuterNesterov fresh(double rate, double momentum, int weights) {
    return new OuterNesterov(rate, momentum, new float[momentum == 0 ? 0 : weights]);
  }

  /**
   * With the velocity that it had.
   *
   * @throws IllegalArgumentException if that is not one of so many weights
   */
  static OuterNesterov of(double rate, double momentum, int weights, float[] velocity) {
    int expected = momentum == 0 ? 0 : weights;
    if (velocity.length != expected) {
      throw new IllegalArgumentException(
          "velocity of %s values, expected %s".formatted(velocity.length, expected));
    }
    return new OuterNesterov(rate, momentum, velocity.clone());
  }

  /**
   * Moves the weights of a round's start.
   *
   * @param weights receives those of the next round
   * @param average of the workers; may hold more values after the weights
   */
  void step(float[] weights, float[] average) {
    if (rate == 1 && momentum == 0) {
      System.arraycopy(average, 0, weights, 0, weights.length);
      return;
    }
    for (int i = 0; i < weights.length; i++) {
      double difference = (double) average[i] - weights[i];
      double step = difference;
      if (momentum != 0) {
        velocity[i] = (float) (momentum * velocity[i] + difference);
        step += momentum * velocity[i];
      }
      weights[i] = (float) (weights[i] + rate * step);
    }
  }

  /** A copy of {@code u}; empty where there is no momentum. */
  float[] velocity() {
    return velocity.clone();
  }
}
