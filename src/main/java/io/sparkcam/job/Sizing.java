package io.sparkcam.job;

import io.sparkcam.dataset.ImageShape;
import io.sparkcam.training.TrainingPlan;

/**
 * The numbers that settings leave to the program. They depend on the data and the number of
 * workers, never on measured time: the same run gives the same result.
 */
final class Sizing {
  /** Images read at a time, at most: a task's memory is a few blocks. */
  static final int BLOCK = 512;

  /** Of the pixels of one block, about. */
  private static final int BLOCK_BYTES = 8 << 20;

  /**
   * Steps of all workers together between two averagings: long enough to hide what an averaging
   * costs. The more workers there are, the farther their copies drift apart meanwhile, so the fewer
   * steps each makes.
   */
  private static final int STEPS_A_ROUND = 256;

  /** A round of fewer steps would be mostly overhead. */
  private static final int LEAST_STEPS = 16;

  /** At least so many rounds an epoch, however few images there are. */
  private static final long LEAST_ROUNDS = 4;

  /** Images of one file of the table, at most. */
  private static final long ROWS_A_PART = 8192;

  private static final int LEAST_WORKERS = 2;

  private final Settings settings;
  private final int workers;

  private Sizing(Settings settings, int workers) {
    this.settings = settings;
    this.workers = workers;
  }

  /**
   * Sizes a run.
   *
   * @param taskSlots of the cluster
   */
  static Sizing of(Settings settings, int taskSlots) {
    return new Sizing(settings, settings.workers().orElse(Math.max(LEAST_WORKERS, taskSlots)));
  }

  /** Images of this shape that are read at a time. */
  static int block(ImageShape shape) {
    return Math.max(1, Math.min(BLOCK, BLOCK_BYTES / shape.size()));
  }

  /** Logical shards. */
  int workers() {
    return workers;
  }

  /** How to train on so many images. */
  TrainingPlan trainingPlan(long images) {
    long stepsAnEpoch = images / ((long) workers * settings.batchSize());
    long frequency =
        Math.max(
            1,
            Math.min(Math.max(LEAST_STEPS, STEPS_A_ROUND / workers), stepsAnEpoch / LEAST_ROUNDS));
    return new TrainingPlan(
        settings.epochs(),
        workers,
        settings.batchSize(),
        settings.averagingFrequency().orElse((int) frequency),
        settings.learningRate(),
        settings.schedule(),
        settings.seed());
  }

  /** Files of the table. */
  int explainPartitions(long images) {
    return settings
        .partitions()
        .orElse((int) Math.max(workers, (images + ROWS_A_PART - 1) / ROWS_A_PART));
  }
}
