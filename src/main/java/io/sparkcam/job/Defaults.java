package io.sparkcam.job;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageShape;
import io.sparkcam.explain.FaithfulnessPlan;
import io.sparkcam.explain.OptionalColumns;
import io.sparkcam.network.AdamRule;
import io.sparkcam.training.OuterLoop;
import io.sparkcam.training.Recipe;
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

  /** Images of one file of the table, at most. */
  private static final long ROWS_A_PART = 8192;

  private static final int LEAST_WORKERS = 2;

  /** With fewer images each, more workers cost accuracy: README's table of it. */
  private static final long IMAGES_A_WORKER = 6750;

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
    return new Defaults(
        settings, settings.get(Setting.WORKERS).orElse(Math.max(LEAST_WORKERS, taskSlots)));
  }

  /** The same where so many images are trained on: no more workers than these are enough for. */
  Defaults forTraining(long images) {
    long enough = Math.max(LEAST_WORKERS, images / IMAGES_A_WORKER);
    boolean given = settings.get(Setting.WORKERS).isPresent();
    return given || workers <= enough ? this : new Defaults(settings, (int) enough);
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
    Recipe recipe = settings.get(Setting.RECIPE);
    int batchSize = settings.or(Setting.BATCH_SIZE, recipe.batchSize(workers));
    long stepsAnEpoch = quotient(quotient(images, workers), batchSize);
    return new TrainingPlan(
        settings.get(Setting.EPOCHS),
        workers,
        batchSize,
        settings.or(Setting.AVERAGING_FREQUENCY, recipe.averagingFrequency(workers, stepsAnEpoch)),
        settings.or(Setting.LEARNING_RATE, recipe.learningRate()),
        settings.or(Setting.SCHEDULE, recipe.schedule()),
        settings.get(Setting.SEED),
        settings.or(Setting.INITIALISATION, recipe.initialisation()),
        new AdamRule(settings.or(Setting.ADAM_BETA2, recipe.adam().beta2())),
        settings.or(Setting.AUGMENTATION, recipe.augmentation()),
        new OuterLoop.Plan(
            settings.or(Setting.OUTER_RATE, recipe.outer(workers).rate()),
            settings.or(Setting.OUTER_MOMENTUM, recipe.outer(workers).momentum()),
            settings.or(Setting.OUTER_AVERAGE, recipe.outer(workers).average())));
  }

  /** Rounded up. */
  private static long quotient(long whole, long part) {
    return (whole + part - 1) / part;
  }

  /** What to measure of the maps of so many images, and which columns they have. */
  FaithfulnessPlan faithfulnessPlan(long images, ImageShape shape) {
    FaithfulnessPlan plan = FaithfulnessPlan.NONE;
    if (settings.get(Setting.FAITHFULNESS)) {
      OptionalInt sample = settings.get(Setting.FAITHFULNESS_SAMPLE);
      plan =
          new FaithfulnessPlan(
              images,
              sample.isPresent() ? Math.min(sample.getAsInt(), images) : images,
              settings.get(Setting.SEED));
    }
    plan = plan.without(settings.get(Setting.COLUMNS).leftOut(shape.height(), shape.width()));
    if (settings.get(Setting.MAPS) == Setting.MappedClasses.TOP5) {
      plan = plan.with(OptionalColumns.CAM_CLASSES);
    }
    return settings.get(Setting.SHAPLEY) ? plan.with(OptionalColumns.SHAPLEY) : plan;
  }

  /** Files of the table. */
  public int explainPartitions(long images) {
    return settings.get(Setting.PARTITIONS).orElse(partitions(images));
  }

  /** Tasks that go through so many images once. */
  int partitions(long images) {
    return (int) Math.max(workers, quotient(images, ROWS_A_PART));
  }
}
