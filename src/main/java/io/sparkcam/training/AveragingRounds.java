package io.sparkcam.training;

/**
 * How an epoch's steps are divided into rounds of averaging: all of {@code frequency} steps, but
 * for the last.
 *
 * @param steps of the worker that has most images
 * @param frequency steps between two averagings
 */
public record AveragingRounds(long steps, int frequency) {
  public AveragingRounds {
    if (steps < 1 || frequency < 1) {
      throw new IllegalArgumentException(
          "%s steps, averaging every %s, expected at least 1 each".formatted(steps, frequency));
    }
  }

  /** Of an epoch whose longest shard has so many images. */
  public static AveragingRounds of(long images, int batchSize, int frequency) {
    return new AveragingRounds((images + batchSize - 1) / batchSize, frequency);
  }

  public int count() {
    return Math.toIntExact((steps + frequency - 1) / frequency);
  }

  /** The first step of a round, both from 0. */
  int firstStep(int round) {
    return round * frequency;
  }

  int stepsOf(int round) {
    return (int) Math.min(frequency, steps - firstStep(round));
  }
}
