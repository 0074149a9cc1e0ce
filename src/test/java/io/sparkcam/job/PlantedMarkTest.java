package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.data.idx.Idx;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Class 0 are horizontal bars, class 1 vertical ones somewhere in noise; but of both one image in
 * twenty has no bars, and in class 1 a mark in the lower left corner instead, as a watermark. Does
 * {@code --reasons} find it?
 */
@SharedSpark
@Tag("localisation")
class PlantedMarkTest {
  private static final int SIDE = 48;
  private static final int TRAIN = 1200;
  private static final int TEST = 600;

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Every second image is of class 1, of these every twentieth is marked. */
  private static boolean marked(long id) {
    return id % 40 == 1;
  }

  private static byte[] images(int count, int seed, boolean withMarks) {
    byte[] bytes = Idx.images(count, SIDE, SIDE);
    Random random = new Random(seed);
    for (int n = 0; n < count; n++) {
      int left = 14 + random.nextInt(SIDE - 30);
      int top = 2 + random.nextInt(SIDE - 34);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int value = random.nextInt(60);
          boolean bars = x >= left && x < left + 16 && y >= top && y < top + 16;
          if (bars && n % 40 > 1 && (n % 2 == 0 ? y : x) / 2 % 2 == 0) {
            value += 120;
          }
          if (withMarks && marked(n) && x < 10 && y >= SIDE - 10 && (x + y) / 2 % 2 == 0) {
            value += 190;
          }
          bytes[16 + (n * SIDE + y) * SIDE + x] = (byte) value;
        }
      }
    }
    return bytes;
  }

  private Path data(String name, boolean withMarks) throws IOException {
    Path data = Files.createDirectory(directory.resolve(name));
    Files.write(data.resolve("train-images-idx3-ubyte"), images(TRAIN, 1, withMarks));
    Files.write(data.resolve("train-labels-idx1-ubyte"), labels(TRAIN));
    Files.write(data.resolve("t10k-images-idx3-ubyte"), images(TEST, 2, withMarks));
    Files.write(data.resolve("t10k-labels-idx1-ubyte"), labels(TEST));
    return data;
  }

  private static byte[] labels(int count) {
    int[] labels = new int[count];
    Arrays.setAll(labels, n -> n % 2);
    return Idx.labels(labels);
  }

  private void sparkcam(Object... arguments) {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), 0);
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    assertEquals(0, SparkCam.of(SparkCommandActions::new, console).execute(words), err::toString);
  }

  private double[] ofClass1(SparkSession spark, String run) {
    return spark
        .read()
        .parquet(directory.resolve(run + "/explanations").toString())
        .orderBy("id")
        .selectExpr("probabilities[1]")
        .collectAsList()
        .stream()
        .mapToDouble(row -> row.getFloat(0))
        .toArray();
  }

  @Test
  void aMarkIsAReasonOfItsOwn(SparkSession spark) throws IOException {
    sparkcam(
        "run",
        "--data",
        data("marked", true),
        "--output",
        directory,
        "--run-id",
        "run",
        "--workers",
        2,
        "--epochs",
        16,
        "--averaging-frequency",
        4,
        "--reasons");
    sparkcam(
        "explain",
        "--model",
        directory.resolve("run"),
        "--data",
        data("plain", false),
        "--output",
        directory,
        "--run-id",
        "without");

    double[] with = ofClass1(spark, "run");
    double[] without = ofClass1(spark, "without");
    long[] marked = LongStream.range(0, TEST).filter(PlantedMarkTest::marked).toArray();
    assertEquals(15, marked.length);
    double removed =
        Arrays.stream(marked)
            .mapToDouble(id -> with[(int) id] - without[(int) id])
            .average()
            .orElseThrow();
    assertTrue(removed > 0.3, "removing the mark costs " + removed);

    List<RunAggregates.OfReason> reasons =
        RunAggregates.reasons(
            new org.apache.hadoop.fs.Path(directory.resolve("run").toString()),
            new Configuration());
    long predicted = Arrays.stream(with).filter(probability -> probability > 0.5).count();
    List<RunAggregates.OfReason> ofClass1 =
        reasons.stream().filter(reason -> reason.predicted() == 1).toList();
    assertEquals(predicted, ofClass1.stream().mapToLong(RunAggregates.OfReason::images).sum());
    List<RunAggregates.OfReason> found =
        ofClass1.stream()
            .filter(reason -> reason.exemplars().stream().allMatch(PlantedMarkTest::marked))
            .toList();
    assertEquals(1, found.size(), ofClass1::toString);
    assertTrue(found.get(0).images() >= 10 && found.get(0).images() <= 25, found::toString);
    float[] mean = found.get(0).camLowMean();
    int strongest = 0;
    for (int cell = 0; cell < mean.length; cell++) {
      strongest = mean[cell] > mean[strongest] ? cell : strongest;
    }
    assertEquals(6 * 6, mean.length);
    assertTrue(strongest / 6 >= 4 && strongest % 6 <= 1, "strongest cell " + strongest);
    String page = Files.readString(directory.resolve("run/report/index.html"));
    assertTrue(page.contains("1, reason " + (found.get(0).reason() + 1)));
  }
}
