package io.sparkcam.job;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Two published runs of the whole job, made once for all tests that read one: 600 training and 200
 * test images of the real data, trained for 12 epochs and for 2.
 */
public final class SmallRuns {
  private static Path output;

  private SmallRuns() {}

  /** The run to look at. */
  public static synchronized Path first(SparkSession spark) throws IOException {
    return made(spark).resolve("first");
  }

  /** The run to compare it with. */
  public static synchronized Path second(SparkSession spark) throws IOException {
    return made(spark).resolve("second");
  }

  private static Path made(SparkSession spark) throws IOException {
    if (output == null) {
      Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
      Path directory = Files.createTempDirectory(target, "small-runs-");
      make(spark, directory, "first", 12);
      make(spark, directory, "second", 2);
      output = directory;
    }
    return output;
  }

  private static void make(SparkSession spark, Path directory, String name, int epochs) {
    StringWriter err = new StringWriter();
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), 0);
    int code =
        SparkCam.of(SparkCommandActions::new, console)
            .execute(
                "run",
                "--data",
                "src/test/resources/fashion-mnist-extract",
                "--output",
                directory.toString(),
                "--run-id",
                name,
                "--workers",
                "2",
                "--epochs",
                String.valueOf(epochs),
                "--averaging-frequency",
                "8");
    if (code != 0) {
      throw new IllegalStateException(spark.version() + ": " + err);
    }
  }
}
