package io.sparkcam.job;

import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageShape;
import io.sparkcam.explain.FaithfulnessPlan;
import io.sparkcam.training.TrainingPlan;
import java.util.OptionalInt;

/**
 * The numbers that settings leave to the program. They depend on the data and the number of
 * workers, never on measured time: the same run gives the same result.
 */
public final class Defaults {
  /** Images read at a time, at most: a task's memory is a few blocks. */
  public static final int BLOCK = 512;

  /** Of the pixels of one block, about. */
  private static final int BLOCK_BYTES = 8 << 20;

  /**
   * Steps a round for one worker; with n workers it is this by n squared. The more workers there
   * are, the farther their copies drift apart between two averagings: two copies are averaged well
   * after 256 steps, four want it after 64 (validation accuracy on Fashion-MNIST).
   */
  private static final int STEPS_ALONE = 1024;

  /** A round of fewer steps would be mostly overhead. */
  private static final int LEAST_STEPS = 16;

  /** At least so many rounds an epoch, however few images there are. */
  private static final long LEAST_ROUNDS = 4;

  /** Images of one file of the table, at most. */
  private static final long ROWS_A_PART = 8192;

  private static final int LEAST_WORKERS = 2;

  private final Settings settings;
  private final int workers;

  private Defaults(Settings settings, int workers) {
    this.settings = settings;
    this.workers = workers;
  }

  /**
   * Sizes a run.
   *
   * @param taskSlots of the cluster
   */
  public static Defaults of(Settings settings, int taskSlots) {
    return new Defaults(settings, settings.workers().orElse(Math.max(LEAST_WORKERS, taskSlots)));
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
  public TrainingPlan trainingPlan(long images) {
    long stepsAnEpoch = quotient(quotient(images, workers), settings.batchSize());
    long most = Math.max(LEAST_STEPS, STEPS_ALONE / ((long) workers * workers));
    long frequency = Math.min(most, quotient(stepsAnEpoch, LEAST_ROUNDS));
    return new TrainingPlan(
        settings.epochs(),
        workers,
        settings.batchSize(),
        settings.averagingFrequency().orElse((int) frequency),
        settings.learningRate(),
        settings.schedule(),
        settings.seed());
  }

  /** Rounded up. */
  private static long quotient(long whole, long part) {
    return (whole + part - 1) / part;
  }

  /** What to measure of the maps of so many images. */
  FaithfulnessPlan faithfulnessPlan(long images) {
    if (!settings.faithfulness()) {
      return FaithfulnessPlan.NONE;
    }
    OptionalInt sample = settings.faithfulnessSample();
    return new FaithfulnessPlan(
        images, sample.isPresent() ? Math.min(sample.getAsInt(), images) : images, settings.seed());
  }

  /** Files of the table. */
  public int explainPartitions(long images) {
    return settings.partitions().orElse((int) Math.max(workers, quotient(images, ROWS_A_PART)));
  }
}
