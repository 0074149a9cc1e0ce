package io.sparkcam.training;

import io.sparkcam.network.AdamRule;
import io.sparkcam.network.Initialisation;
import io.sparkcam.training.TrainingPlan.Schedule;

/**
 * What training does where nothing else is set. It depends on the number of workers and the steps
 * of an epoch alone, so that a result does, too.
 */
public enum Recipe {
  /** The lab's: Adam at a constant 1e-3, weights as Keras starts them, the plain average. */
  LAB(false),
  /** The plain average of workers whose rate falls on a cosine. */
  PLAIN(false),
  /**
   * Outer momentum, the more the more workers there are: it makes up for the steps that each of
   * them has less. Second moments are remembered for 100 steps, since with many workers a training
   * has no more than some hundred.
   */
  STEADY(true),
  /** The same on augmented images, for 20 epochs and more. */
  BEST(true);

  /** An epoch of those with outer momentum has about so many, whatever the number of workers. */
  private static final long ROUNDS = 14;

  /**
   * Steps a round for one worker of the plain average; with n workers it is this by n squared. The
   * more workers there are, the farther their copies drift apart between two averagings: two copies
   * are averaged well after 256 steps, four want it after 64 (validation accuracy on
   * Fashion-MNIST).
   */
  private static final int STEPS_ALONE = 1024;

  /** A round of fewer steps would be mostly overhead. */
  private static final int LEAST_STEPS = 16;

  /** At least so many rounds an epoch of the plain average, however few images there are. */
  private static final long LEAST_ROUNDS = 4;

  private final boolean momentum;

  Recipe(boolean momentum) {
    this.momentum = momentum;
  }

  /** Images of one worker's step: fewer where many workers would have too few steps. */
  public int batchSize(int workers) {
    return !momentum || workers < 16 ? 32 : workers < 32 ? 16 : 8;
  }

  /** Steps between two averagings. */
  public int averagingFrequency(int workers, long stepsAnEpoch) {
    long most = Math.max(LEAST_STEPS, STEPS_ALONE / ((long) workers * workers));
    return (int)
        (momentum
            ? quotient(stepsAnEpoch, ROUNDS)
            : Math.min(most, quotient(stepsAnEpoch, LEAST_ROUNDS)));
  }

  /** Rounded up. */
  private static long quotient(long whole, long part) {
    return (whole + part - 1) / part;
  }

  /** The largest rate of the schedule. */
  public double learningRate() {
    return this == LAB ? 1e-3 : 4e-3;
  }

  public Schedule schedule() {
    return momentum ? Schedule.LINEAR : this == LAB ? Schedule.CONSTANT : Schedule.COSINE;
  }

  public Initialisation initialisation() {
    return momentum ? Initialisation.HE : Initialisation.GLOROT;
  }

  /** Of each worker. */
  public AdamRule adam() {
    return momentum ? new AdamRule(0.99) : AdamRule.LAB;
  }

  public Augmentation augmentation() {
    return this == BEST ? Augmentation.SHIFTS_AND_FLIPS : Augmentation.NONE;
  }

  /** Between rounds: one worker's average is itself, and stays so. */
  public OuterLoop.Plan outer(int workers) {
    return momentum
        ? new OuterLoop.Plan(workers == 1 ? 1 : 0.7, outerMomentum(workers), 0.8)
        : OuterLoop.Plan.PLAIN;
  }

  private static double outerMomentum(int workers) {
    return workers == 1 ? 0 : workers < 4 ? 0.7 : workers < 8 ? 0.8 : 0.9;
  }
}
