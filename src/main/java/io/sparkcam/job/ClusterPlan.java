package io.sparkcam.job;

import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.ValidationSplit;
import io.sparkcam.network.AdamRule;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.TrainingState;
import io.sparkcam.text.PlainTable;
import io.sparkcam.training.AveragingRounds;
import io.sparkcam.training.TrainingPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * What an epoch would take on a cluster of cores like this one: steps and averaging as a run sizes
 * them, times from what is measured here and from what is assumed of the network between machines.
 * Reading data and explaining are not in it.
 *
 * @param executors of the cluster
 * @param cores of each, which train a worker each
 * @param images of the training part
 * @param shape of an image
 */
public record ClusterPlan(int executors, int cores, long images, ImageShape shape) {
  private static final int CLASSES = 10;

  /** Of 10 Gbit/s, what one direction of the driver's connection carries. */
  private static final double BYTES_A_SECOND = 1.1e9;

  /** A Spark job without work, and each of its tasks: {@code submit/bench.sh}. */
  private static final double JOB_SECONDS = 0.011;

  private static final double TASK_SECONDS = 0.001;

  /** A forward pass, as a share of a training step of as many images. */
  private static final double FORWARD = 1.0 / 3;

  /** A plan that is slower by less is as good, if it has fewer workers. */
  private static final double AS_GOOD = 1.1;

  /** Of a JVM with Spark, without data. */
  private static final long BASE_BYTES = 400L << 20;

  private static final long WARM_NANOS = 4_000_000_000L;
  private static final long MEASURED_NANOS = 2_000_000_000L;

  /**
   * What this machine needs.
   *
   * @param imageSeconds of one core that trains on an image, while the others do so, too
   * @param averageSeconds of one worker's state on its way into the average, on the driver
   * @param stateBytes of a worker's parameters and moments
   */
  record Measured(double imageSeconds, double averageSeconds, long stateBytes) {}

  /**
   * A number of workers and what follows.
   *
   * @param overhead seconds of an epoch that are not steps
   * @param traffic through the driver in an epoch, in bytes
   * @param driver its memory, in bytes
   */
  record Row(TrainingPlan plan, double seconds, double overhead, long traffic, long driver) {}

  /** The text that the command prints; measuring takes some seconds. */
  public String text(Settings settings) {
    GapCnn model = GapCnn.lab(shape.height(), shape.width(), shape.channels(), CLASSES);
    Measured measured = measure(model, settings);
    List<Row> rows = rows(settings, measured);
    Row best = recommended(rows);
    List<String[]> cells = new ArrayList<>();
    cells.add(
        new String[] {"workers", "batch", "averaging", "epoch", "not steps", "traffic", "driver"});
    for (Row row : rows) {
      cells.add(
          new String[] {
            String.valueOf(row.plan().workers()),
            String.valueOf(row.plan().batchSize()),
            String.valueOf(row.plan().averagingFrequency()),
            String.format(Locale.ROOT, "%.1f s", row.seconds()),
            String.format(Locale.ROOT, "%.0f%%", 100 * row.overhead() / row.seconds()),
            String.format(Locale.ROOT, "%.1f MB", row.traffic() / 1e6),
            String.format(Locale.ROOT, "%.1f GB", row.driver() / 1e9)
          });
    }
    return String.format(
            Locale.ROOT,
            "measured: a core trains %,.0f images/s of %s, averages a worker's %.1f MB in %.1f ms%n",
            1 / measured.imageSeconds(),
            shape.height() + "x" + shape.width() + "x" + shape.channels(),
            measured.stateBytes() / 1e6,
            1e3 * measured.averageSeconds())
        + String.format(
            Locale.ROOT,
            "assumed: 10 Gbit/s between machines, %.0f ms a Spark job and %.0f ms a task%n",
            1e3 * JOB_SECONDS,
            1e3 * TASK_SECONDS)
        + PlainTable.aligned(cells.toArray(new String[0][]))
        + String.format(
            Locale.ROOT,
            "recommended: --workers %d --batch-size %d --averaging-frequency %d, %d epochs in %.0f s, executors of %.1f GB%n",
            best.plan().workers(),
            best.plan().batchSize(),
            best.plan().averagingFrequency(),
            best.plan().epochs(),
            best.plan().epochs() * best.seconds(),
            executorBytes() / 1e9);
  }

  /** For the powers of two up to the cluster's cores, and for these. */
  List<Row> rows(Settings settings, Measured measured) {
    int slots = Math.multiplyExact(executors, cores);
    TreeSet<Integer> counts = new TreeSet<>(List.of(slots));
    for (int workers = 1; workers < slots; workers *= 2) {
      counts.add(workers);
    }
    ValidationSplit split = new ValidationSplit(images, settings.get(Setting.VALIDATION_SPLIT));
    List<Row> rows = new ArrayList<>();
    for (int workers : counts) {
      Settings own = settings.with(Setting.WORKERS, String.valueOf(workers));
      TrainingPlan plan = Defaults.of(own, slots).trainingPlan(split.trainingCount());
      AveragingRounds rounds = plan.rounds(split.trainingCount());
      double steps = (double) rounds.steps() * plan.batchSize() * measured.imageSeconds();
      double validation =
          FORWARD * measured.imageSeconds() * split.validationCount() / workers + JOB_SECONDS;
      double transfer = measured.stateBytes() / BYTES_A_SECOND;
      // Executors hand a broadcast on to each other; each worker's state comes to the driver.
      double down = transfer * Math.ceil(Math.log(executors + 1.0) / Math.log(2));
      double round =
          JOB_SECONDS + down + workers * (TASK_SECONDS + transfer + measured.averageSeconds());
      double overhead = rounds.count() * round + validation;
      long traffic = (long) rounds.count() * (workers + 1) * measured.stateBytes();
      long driver = BASE_BYTES + 2L * workers * measured.stateBytes();
      rows.add(new Row(plan, steps + overhead, overhead, traffic, driver));
    }
    return rows;
  }

  /** Of those about as fast as the fastest, that of the fewest workers, which trains best. */
  static Row recommended(List<Row> rows) {
    double fastest = rows.stream().mapToDouble(Row::seconds).min().orElseThrow();
    return rows.stream()
        .filter(row -> row.seconds() <= AS_GOOD * fastest)
        .findFirst()
        .orElseThrow();
  }

  /** A quarter of it keeps an executor's images from one epoch to the next. */
  private long executorBytes() {
    return BASE_BYTES + 4 * (images * shape.size() / executors);
  }

  private static Measured measure(GapCnn model, Settings settings) {
    int batch = 32;
    SplittableRandom random = new SplittableRandom(1);
    float[] pixels = new float[batch * model.height() * model.width() * model.channels()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble();
    }
    int[] labels = random.ints(batch, 0, CLASSES).toArray();
    TrainingState start =
        TrainingState.fresh(model.network(new NoOp(), 1).params().dup().data().asFloat());
    byte[] state = FloatBytes.of(start.parameters(), start.moments());
    double step =
        onAllCores(
            () -> {
              try (Trainer trainer = settings.get(Setting.ENGINE).trainer(model, AdamRule.LAB)) {
                trainer.load(start);
                return seconds(() -> trainer.step(batch, pixels, labels, 1e-3));
              }
            });
    double[] sums = new double[state.length / Float.BYTES];
    double average = seconds(() -> add(sums, FloatBytes.read(state, 0, sums.length)));
    return new Measured(step / batch, average, state.length);
  }

  private static void add(double[] sums, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }

  /** Cores share caches, memory and heat, in an executor as here. */
  private static double onAllCores(Callable<Double> seconds) {
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService threads = Executors.newFixedThreadPool(cores);
    try {
      double sum = 0;
      for (Future<Double> one : threads.invokeAll(Collections.nCopies(cores, seconds))) {
        sum += one.get();
      }
      return sum / cores;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("training could not be measured", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Of one call, on average, after calls that warm it up. */
  private static double seconds(Runnable work) {
    meanSeconds(WARM_NANOS, work);
    return meanSeconds(MEASURED_NANOS, work);
  }

  private static double meanSeconds(long nanos, Runnable work) {
    long began = System.nanoTime();
    long took = 0;
    int calls = 0;
    while (took < nanos) {
      work.run();
      calls++;
      took = System.nanoTime() - began;
    }
    return 1e-9 * took / calls;
  }
}
