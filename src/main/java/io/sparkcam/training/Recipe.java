package io.sparkcam.training;

import io.sparkcam.network.AdamRule;
import io.sparkcam.network.Initialisation;
import io.sparkcam.training.TrainingPlan.Schedule;

/**
 * What training does where nothing else is set. A recipe depends on the number of workers and the
 * steps of an epoch alone, so that a result does, too.
 */
public enum Recipe {
  /** The lab's: Adam at a constant 1e-3, weights as Keras starts them. */
  LAB {
    @Override
    public double learningRate() {
      return 1e-3;
    }

    @Override
    public Schedule schedule() {
      return Schedule.CONSTANT;
    }
  },
  /** The plain average of workers whose rate falls on a cosine. */
  PLAIN,
  /**
   * Outer momentum, the more the more workers there are, which makes up for the steps that each of
   * them makes less.
   */
  STEADY {
    @Override
    public int batchSize(int workers) {
      return workers < 16 ? 32 : workers < 32 ? 16 : 8;
    }

    /** About as many rounds an epoch whatever the workers. */
    @Override
    public int averagingFrequency(int workers, long stepsAnEpoch) {
      return (int) Math.max(1, (stepsAnEpoch + ROUNDS - 1) / ROUNDS);
    }

    @Override
    public Schedule schedule() {
      return Schedule.LINEAR;
    }

    @Override
    public Initialisation initialisation() {
      return Initialisation.HE;
    }

    /** Half the memory of a run of many workers, whose steps are few. */
    @Override
    public AdamRule adam() {
      return new AdamRule(0.99);
    }

    @Override
    public double outerRate(int workers) {
      return workers == 1 ? 1 : 0.7;
    }

    @Override
    public double outerMomentum(int workers) {
      return switch (Math.min(workers, 8)) {
        case 1 -> 0;
        case 2, 3 -> 0.7;
        case 4, 5, 6, 7 -> 0.8;
        default -> 0.9;
      };
    }

    @Override
    public double outerAverage() {
      return 0.8;
    }
  };

  private static final long ROUNDS = 14;

  /**
   * Steps a round for one worker of {@link #PLAIN}; with n workers it is this by n squared. The
   * more workers there are, the farther their copies drift apart between two averagings: two copies
   * are averaged well after 256 steps, four want it after 64 (validation accuracy on
   * Fashion-MNIST).
   */
  private static final int STEPS_ALONE = 1024;

  /** A round of fewer steps would be mostly overhead. */
  private static final int LEAST_STEPS = 16;

  /** At least so many rounds an epoch, however few images there are. */
  private static final long LEAST_ROUNDS = 4;

  /** Images of one worker's step. */
  public int batchSize(int workers) {
    return 32;
  }

  /** Steps between two averagings. */
  public int averagingFrequency(int workers, long stepsAnEpoch) {
    long most = Math.max(LEAST_STEPS, STEPS_ALONE / ((long) workers * workers));
    return (int) Math.min(most, (stepsAnEpoch + LEAST_ROUNDS - 1) / LEAST_ROUNDS);
  }

  /** The largest rate of the schedule. */
  public double learningRate() {
    return 0.004;
  }

  public Schedule schedule() {
    return Schedule.COSINE;
  }

  public Initialisation initialisation() {
    return Initialisation.GLOROT;
  }

  /** Of each worker. */
  public AdamRule adam() {
    return AdamRule.LAB;
  }

  /** Of {@link OuterNesterov}. */
  public double outerRate(int workers) {
    return 1;
  }

  /** Of {@link OuterNesterov}. */
  public double outerMomentum(int workers) {
    return 0;
  }

  /** Decay of the {@link WeightAverage}; 0: none is kept. */
  public double outerAverage() {
    return 0;
  }
}
