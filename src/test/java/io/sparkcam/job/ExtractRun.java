package io.sparkcam.job;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A run that the job itself made of the Fashion-MNIST extract: one for the whole test run, for
 * tests that only read it. Its 200 rows lie in several parts.
 */
final class ExtractRun {
  static final String DATA = "src/test/resources/fashion-mnist-extract";
  static final int IMAGES = 200;

  private static Path published;

  private ExtractRun() {}

  /** Where it is published; made when it is first asked for. */
  static synchronized Path published(JavaSparkContext sc) throws Exception {
    if (published == null) {
      Path output = Files.createTempDirectory(Path.of("target"), "extract-run-");
      Settings settings =
          Settings.of(
              Map.of(
                  "data", DATA,
                  "output", output.toString(),
                  "run-id", "tiny",
                  "epochs", "2",
                  "workers", "1",
                  "partitions", "3"));
      PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
      new MainJob(sc, settings, new Console(nowhere, nowhere, 0)).run();
      published = output.resolve("tiny");
    }
    return published;
  }
}
