package io.sparkcam.training;

/**
 * How to train.
 *
 * @param epochs passes over the training images
 * @param workers logical shards; the result depends on them, not on the executors that hold them
 * @param batchSize images of one worker's step
 * @param averagingFrequency steps between two averagings
 * @param learningRate at the first step
 * @param schedule how it goes on
 * @param seed of the initial weights and of every epoch's order
 */
public record TrainingPlan(
    int epochs,
    int workers,
    int batchSize,
    int averagingFrequency,
    double learningRate,
    Schedule schedule,
    long seed) {

  /** How the learning rate goes on from where it starts. */
  public enum Schedule {
    CONSTANT,
    COSINE
  }

  public TrainingPlan {
    if (epochs < 1 || workers < 1 || batchSize < 1 || averagingFrequency < 1) {
      throw new IllegalArgumentException(
          "%d epochs, %d workers, batches of %d, averaging every %d steps, expected at least 1 each"
              .formatted(epochs, workers, batchSize, averagingFrequency));
    }
  }

  /** The rate of each step, where an epoch takes {@code stepsAnEpoch}. */
  LearningRate rate(long stepsAnEpoch) {
    return schedule == Schedule.CONSTANT
        ? LearningRate.constant(learningRate)
        : LearningRate.cosine(learningRate, epochs * stepsAnEpoch);
  }
}
