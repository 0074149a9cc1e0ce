package io.sparkcam.bench;

import io.sparkcam.cli.DefaultSettings;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Version;
import io.sparkcam.data.ValidationSplit;
import io.sparkcam.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.package$;

/** Prints what machine this is and how it is measured, as comments. */
final class Heading {
  private Heading() {}

  /**
   * Takes the effort, the driver's memory, that where its peak is measured, the number of starts.
   */
  public static void main(String[] args) throws IOException {
    Effort effort = Effort.named(args[0]);
    line(
        "SparkCAM %s, %s, %s",
        Version.number(), Instant.now().truncatedTo(ChronoUnit.SECONDS), kind(effort));
    machine();
    line(
        "Spark %s as conf/spark-defaults.conf has it, local[%d], %s of driver memory,"
            + " OMP_NUM_THREADS=%s",
        package$.MODULE$.SPARK_VERSION(),
        Effort.WORKERS,
        args[1],
        System.getenv("OMP_NUM_THREADS"));
    settings(effort);
    processes(effort, args[2], args[3]);
  }

  private static void line(String format, Object... values) {
    System.out.println("# " + String.format(Locale.ROOT, format, values));
  }

  private static String kind(Effort effort) {
    return effort == Effort.FULL
        ? "full size"
        : "quick: reduced sizes under the same names, to see that it works";
  }

  private static void machine() throws IOException {
    double gibibytes = Long.parseLong(found("/proc/meminfo", "MemTotal: +([0-9]+) kB")) / 1048576.0;
    line(
        "machine: %s, %d cores, %.1f GiB, load average %s",
        found("/proc/cpuinfo", "model name\\s*: (.*)"),
        Runtime.getRuntime().availableProcessors(),
        gibibytes,
        found("/proc/loadavg", "([^ ]+)"));
    line(
        "system: %s, %s %s, %s %s",
        found("/etc/os-release", "PRETTY_NAME=\"?([^\"\n]*)"),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("java.vm.name"),
        System.getProperty("java.vm.version"));
  }

  /** What the expression's group matches first in a file; a question mark for nothing. */
  private static String found(String file, String expression) throws IOException {
    Matcher matcher = Pattern.compile(expression).matcher(Files.readString(Path.of(file)));
    return matcher.find() ? matcher.group(1) : "?";
  }

  private static void settings(Effort effort) throws IOException {
    DefaultSettings defaults = SparkFigures.defaults(effort);
    double heldOut = defaults.settings().get(Setting.VALIDATION_SPLIT);
    long count = new ValidationSplit(effort.trainingImages(), heldOut).trainingCount();
    TrainingPlan plan = defaults.trainingPlan(count);
    line(
        "train: %,d images, %d workers, batch %d, averaging every %d steps, engine %s;"
            + " epochs: %d warm, median of %d",
        count,
        plan.workers(),
        plan.batchSize(),
        plan.averagingFrequency(),
        defaults.settings().get(Setting.ENGINE).name().toLowerCase(Locale.ROOT),
        effort.warmEpochs(),
        effort.measuredEpochs());
    line(
        "round_overhead_share: rounds but for computing, reading the shards included, of the"
            + " epochs' time");
    line(
        "averaging_round_overhead: %,d images, averaging every %d steps; epochs: %d warm, median"
            + " over all but the first round of %d",
        effort.trainingImages(),
        effort.frequency(),
        effort.warmRoundEpochs(),
        effort.measuredRoundEpochs());
    line(
        "empty_job: mapPartitions and collect, as many tasks over the same cached images; jobs: %d"
            + " warm, median of %d",
        effort.warmJobs(), effort.measuredJobs());
    int explained = effort.explainedImages();
    line(
        "explain: %,d images in %d partitions, batch %d; passes: 1 warm, median of %d",
        explained,
        defaults.explainPartitions(explained),
        defaults.settings().get(Setting.EXPLAIN_BATCH_SIZE),
        effort.explainPasses());
    for (int size : ScalingFigures.SIZES) {
      line(
          "train_scaling_%d: %,d images, averaging every %d steps; epochs: 1 of %,d images,"
              + " averaging every %d, and 1 more warm, median of %d",
          size,
          effort.scalingImages(size),
          effort.frequency(),
          effort.scalingWarmImages(),
          effort.scalingWarmFrequency(),
          effort.scalingEpochs(size));
    }
    line(
        "cam_zoom: from features (3, 3, 128) to a map (28, 28), product with the class's weights"
            + " included; JMH, 1 thread, forks: %d of %d warm and %d measured iterations of %d ms",
        effort.zoomForks(),
        effort.zoomIterations(),
        effort.zoomIterations(),
        effort.zoomMilliseconds());
  }

  private static void processes(Effort effort, String peakMemory, String starts) {
    for (int size : ExplainInput.SIZES) {
      line(
          "explain_peak_rss_mb_%d: the command explain on %,d images, %s of driver memory%s",
          size, effort.peakImages(size), peakMemory, effort == Effort.QUICK ? ", C1 alone" : "");
    }
    line("startup: from the start of the process to a Spark session; median of %s", starts);
  }
}
