package io.sparkcam.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.config.Settings;
import io.sparkcam.job.MainJob;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.text.Console;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A run that the job itself made: the extract's 200 test images, explained with the reference
 * weights, in several parts. One for the whole test run, for tests that only read it.
 */
public final class ExtractRun {
  public static final String DATA = "src/test/resources/fashion-mnist-extract";

  private static Path published;

  private ExtractRun() {}

  /** Where it is published; made when it is first asked for. */
  public static synchronized Path published(JavaSparkContext sc) throws Exception {
    if (published == null) {
      Path output = Files.createTempDirectory(Path.of("target"), "extract-run-");
      Path model = output.resolve("golden.zip");
      MultiLayerNetwork network = GoldenNetwork.MODEL.network(TrainableNetwork.adam(1e-3), 0);
      network.setParams(Nd4j.createFromArray(GoldenNetwork.parameters()).reshape(1, -1));
      try (OutputStream out = Files.newOutputStream(model)) {
        ModelZip.write(network, out);
      }
      PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
      new MainJob(sc, settings(output), new Console(nowhere, nowhere, 0)).explain(model.toString());
      published = output.resolve("tiny");
    }
    return published;
  }

  /** The accuracy of a run that explains the extract, whose maps add up to logits. */
  public static double audited(SparkSession spark, Path run) {
    Row row =
        spark
            .read()
            .parquet(run.resolve("explanations").toString())
            .selectExpr("count(1)", "max(audit_error)", "avg(int(label = predicted))")
            .first();
    assertEquals(200, row.getLong(0));
    assertTrue(row.getFloat(1) <= 1e-4, row::toString);
    return row.getDouble(2);
  }

  private static Settings settings(Path output) {
    return Settings.of(
        Map.of(
            "data",
            DATA,
            "output",
            output.toString(),
            "run-id",
            "tiny",
            "partitions",
            "3",
            "columns",
            "all"));
  }
}
