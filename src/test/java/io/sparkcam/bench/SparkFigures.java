package io.sparkcam.bench;

import io.sparkcam.cli.DefaultSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The figures that need a warm Spark, in one process, in the order of a run. */
public final class SparkFigures {
  private SparkFigures() {}

  /** Takes the effort, a directory for temporary files, the names of figures. */
  public static void main(String[] args) throws IOException {
    PrintStream out = Figures.takeStandardOutput();
    Effort effort = Effort.named(args[0]);
    List<String> names = Arrays.asList(args).subList(2, args.length);
    try (SparkSession spark = SparkSession.builder().appName("SparkCAM bench").getOrCreate()) {
      Workplace workplace =
          new Workplace(
              new JavaSparkContext(spark.sparkContext()),
              defaults(effort),
              Path.of(args[1]),
              effort,
              new Figures(out, names));
      TrainingFigures.measure(workplace);
      RoundFigures.measure(workplace);
      ExplanationFigures.measure(workplace);
      ScalingFigures.measure(workplace);
    }
  }

  static DefaultSettings defaults(Effort effort) throws IOException {
    return DefaultSettings.of(
        Map.of(
            "workers", Integer.toString(Effort.WORKERS),
            "batch-size", Integer.toString(Effort.BATCH),
            "epochs", Integer.toString(effort.warmEpochs() + effort.measuredEpochs())));
  }
}
