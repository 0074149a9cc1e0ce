package io.sparkcam.job;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Two published runs of the whole job, made once for all tests of a build that read one: 600
 * training and 200 test images of the real data, trained for 12 epochs and for 2.
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

  /** The images of the second, explained by the same model into a table without large columns. */
  public static synchronized Path withoutLargeColumns(SparkSession spark) throws IOException {
    return made(spark).resolve("small");
  }

  /** Tests run in several processes, of which the first to ask makes the runs. */
  private static Path made(SparkSession spark) throws IOException {
    if (output == null) {
      Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
      String build = System.getProperty("test.build");
      Path directory =
          build == null
              ? Files.createTempDirectory(target, "small-runs-")
              : target.resolve("small-runs-" + build.replace(":", ""));
      try (FileChannel lock =
          FileChannel.open(
              target.resolve("small-runs.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(directory.resolve("small"))) {
          train(spark, directory, "first", 12);
          train(spark, directory, "second", 2);
          make(
              spark,
              directory,
              "explain",
              "--model=" + directory.resolve("second"),
              "--run-id=small",
              "--columns=none");
        }
      }
      output = directory;
    }
    return output;
  }

  private static void train(SparkSession spark, Path directory, String name, int epochs) {
    make(
        spark,
        directory,
        "run",
        "--run-id=" + name,
        "--epochs=" + epochs,
        "--averaging-frequency=8",
        "--columns=all");
  }

  private static void make(SparkSession spark, Path directory, String command, String... options) {
    StringWriter err = new StringWriter();
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), 0);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--data=src/test/resources/fashion-mnist-extract",
                "--output=" + directory,
                // Of so few steps an average of rounds makes little.
                "--recipe=plain",
                "--workers=2"));
    arguments.addAll(List.of(options));
    int code =
        SparkCam.of(SparkCommandActions::new, console).execute(arguments.toArray(new String[0]));
    if (code != 0) {
      throw new IllegalStateException(spark.version() + ": " + err);
    }
  }
}
