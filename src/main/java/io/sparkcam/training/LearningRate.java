package io.sparkcam.training;

import java.io.Serializable;

/**
 * The learning rate of each step, from its base value: constant, or falling to 0 on half a cosine
 * (Loshchilov and Hutter 2017, without restarts).
 */
public final class LearningRate implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double base;
  private final long decaySteps;

  private LearningRate(double base, long decaySteps) {
    if (!(base > 0) || Double.isInfinite(base)) {
      throw new IllegalArgumentException("learning rate: " + base + ", expected a positive number");
    }
    this.base = base;
    this.decaySteps = decaySteps;
  }

  /** The same rate at every step. */
  public static LearningRate constant(double rate) {
    return new LearningRate(rate, 0);
  }

  /**
   * {@code base * (1 + cos(pi * step / steps)) / 2}: base at step 0, zero from {@code steps} on.
   */
  public static LearningRate cosine(double base, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: " + steps + ", expected at least 1");
    }
    return new LearningRate(base, steps);
  }

  /** Rate of a step, counting from 0. */
  public double at(long step) {
    return decaySteps == 0
        ? base
        : base * (1 + Math.cos(Math.PI * Math.min(step, decaySteps) / decaySteps)) / 2;
  }
}
