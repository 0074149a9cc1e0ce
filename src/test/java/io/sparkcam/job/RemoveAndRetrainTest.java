package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.aggregate.RunAggregates.OfRemoval;
import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.run.Manifest;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharedSpark
class RemoveAndRetrainTest {
  private static final Path DATA = Path.of("src/test/resources/fashion-mnist-extract");
  private static final int TRAINED_ON = 270;

  @TempDir Path temporary;

  private Path run(String command, String name, Path data) {
    StringWriter err = new StringWriter();
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), 0);
    List<String> arguments =
        new ArrayList<>(List.of(command, "--run-id=" + name, "--data=" + data));
    arguments.addAll(
        List.of(
            "--output=" + temporary,
            "--workers=2",
            "--recipe=plain",
            "--epochs=2",
            "--train-limit=300",
            "--test-limit=120",
            "--columns=none",
            "--roar-shares=0.4"));
    assertEquals(
        0,
        SparkCam.of(SparkCommandActions::new, console).execute(arguments.toArray(new String[0])),
        err::toString);
    return temporary.resolve(name);
  }

  private static double accuracy(Path run) throws IOException {
    return Manifest.read(hadoop(run), new Configuration()).metrics().get("test_accuracy");
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }

  /**
   * Without the middle of the images as the command leaves it out, and as files that a plain run
   * reads have been changed here.
   */
  @Test
  void retrainedNetworksAreThoseOfChangedFiles(SparkSession spark) throws Exception {
    assertEquals("3.5", spark.version().substring(0, 3));
    Path roar = run("roar", "roar", DATA);
    List<OfRemoval> rows = RunAggregates.removals(hadoop(roar), new Configuration());
    assertEquals(
        List.of("cam 0.0", "cam 0.4", "random 0.0", "random 0.4", "centred 0.0", "centred 0.4"),
        rows.stream().map(row -> row.map() + " " + row.removed()).toList());
    for (int whole = 0; whole < 6; whole += 2) {
      assertEquals(accuracy(roar), rows.get(whole).accuracy(), 1e-12);
    }
    Path changed = Files.createDirectory(temporary.resolve("changed"));
    byte[] training = idx("train-images-idx3-ubyte");
    long sum = 0;
    for (int i = 16; i < 16 + TRAINED_ON * 784; i++) {
      sum += training[i] & 0xff;
    }
    byte mean = (byte) Math.round((double) sum / (TRAINED_ON * 784));
    for (String part : List.of("train", "t10k")) {
      byte[] images = idx(part + "-images-idx3-ubyte");
      for (int pixel : nearestToTheMiddle(Math.toIntExact(Math.round(784 * 0.4)))) {
        for (int i = 16 + pixel; i < images.length; i += 784) {
          images[i] = mean;
        }
      }
      Files.write(changed.resolve(part + "-images-idx3-ubyte"), images);
      String labels = part + "-labels-idx1-ubyte";
      Files.write(changed.resolve(labels), idx(labels));
    }
    assertEquals(accuracy(run("run", "plain", changed)), rows.get(5).accuracy(), 1e-12);
    assertNotEquals(rows.get(1).accuracy(), rows.get(5).accuracy());
    String page = Files.readString(roar.resolve("report/index.html"));
    assertTrue(page.contains("<title>centred, share of the pixels removed 0.4: "), page);
  }

  /** Of equal distances those of the row above, then those on the left. */
  private static List<Integer> nearestToTheMiddle(int count) {
    return IntStream.range(0, 784)
        .boxed()
        .sorted(
            Comparator.comparingInt(
                pixel -> square(2 * (pixel / 28) - 27) + square(2 * (pixel % 28) - 27)))
        .limit(count)
        .toList();
  }

  private static int square(int value) {
    return value * value;
  }

  private static byte[] idx(String name) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(DATA.resolve(name + ".gz")))) {
      return in.readAllBytes();
    }
  }
}
