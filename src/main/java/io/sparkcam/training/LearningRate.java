package io.sparkcam.training;

import io.sparkcam.training.TrainingPlan.Schedule;
import java.io.Serializable;

/** The learning rate of each step, from its largest value. */
public final class LearningRate implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Schedule schedule;
  private final double base;
  private final long steps;

  private LearningRate(Schedule schedule, double base, long steps) {
    if (!(base > 0) || Double.isInfinite(base)) {
      throw new IllegalArgumentException("learning rate: " + base + ", expected a positive number");
    }
    if (steps < 1) {
      throw new IllegalArgumentException("steps: " + steps + ", expected at least 1");
    }
    this.schedule = schedule;
    this.base = base;
    this.steps = steps;
  }

  /** The same rate at every step. */
  public static LearningRate constant(double rate) {
    return new LearningRate(Schedule.CONSTANT, rate, 1);
  }

  /**
   * By a schedule.
   *
   * @param base the largest rate
   * @param steps of the whole training
   */
  public static LearningRate of(Schedule schedule, double base, long steps) {
    return new LearningRate(schedule, base, steps);
  }

  /** Rate of a step, counting from 0. */
  public double at(long step) {
    return base * schedule.share(step, steps);
  }
}
