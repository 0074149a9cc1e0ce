package io.sparkcam.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkcam.bench.RepeatedImages;
import io.sparkcam.run.Manifest;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.view.TensorBoardEvents;
import io.sparkcam.view.TrainingHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * The run that nothing happened to, made once for all tests: two epochs of three rounds, a table of
 * four parts.
 */
final class Undisturbed {
  private static final int CLASSES = 10;
  private static final int TRAINING = 600;

  /** Four times what is read at once: a part each. */
  private static final int ROWS = 2048;

  static final String RUN = "a";

  private static final Set<String> TIMED =
      Set.of(Manifest.NAME, TrainingHistory.NAME, TensorBoardEvents.NAME, "report/index.html");

  private static Undisturbed made;

  private final Path data;
  private final Path run;
  private final Map<String, byte[]> files;
  private final List<String> operations;

  private Undisturbed(Path directory) throws Exception {
    // Maven has just looked; the scripts are not to build while it runs.
    Files.setLastModifiedTime(Path.of("target/sparkcam.jar"), FileTime.from(Instant.now()));
    data = Files.createDirectory(directory.resolve("data"));
    new RepeatedImages(FashionExtract.training(), CLASSES).write(data, "train", TRAINING);
    new RepeatedImages(FashionExtract.test(), CLASSES).write(data, "t10k", ROWS);
    Path output = directory.resolve("out");
    try (Job job = new Launch(directory).start(arguments(output))) {
      job.succeeds();
      operations = job.operations();
    }
    run = output.resolve(RUN);
    files = files(run);
  }

  /** The run; made when it is first asked for. */
  static synchronized Undisturbed run() throws Exception {
    if (made == null) {
      made =
          new Undisturbed(Files.createTempDirectory(Path.of("target").toAbsolutePath(), "faults-"));
    }
    return made;
  }

  /** The images. */
  Path data() {
    return data;
  }

  /** Of the same run elsewhere. */
  List<String> arguments(Path output, String... more) {
    return arguments(data.toString(), output.toString(), more);
  }

  /** Of the same run of the same data, both elsewhere. */
  static List<String> arguments(String data, String output, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("run", "--data", data, "--output", output));
    arguments.addAll(List.of("--run-id", RUN, "--epochs", "2", "--workers", "2"));
    arguments.addAll(List.of("--batch-size", "16", "--averaging-frequency", "6"));
    arguments.addAll(List.of("--checkpoint-every", "1", "--partitions", "4"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  Path published() {
    return run;
  }

  /** What it did to its files, in order. */
  List<String> operations() {
    return operations;
  }

  /** All but those that say when they were made. */
  private static Map<String, byte[]> files(Path run) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (var tree = Files.walk(run)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        // Those tell how long it took.
        if (!TIMED.contains(name)) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private static Manifest manifest(Path run) throws IOException {
    return Manifest.read(new org.apache.hadoop.fs.Path(run.toUri()), new Configuration());
  }

  /** The history, but for what it says about time. */
  private static List<JsonNode> epochs(Path run) throws IOException {
    List<JsonNode> epochs = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("history.jsonl"))) {
      ObjectNode epoch = (ObjectNode) new JsonMapper().readTree(line);
      epochs.add(
          epoch.retain("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"));
    }
    return epochs;
  }

  private static long rows(Path run) throws IOException {
    long rows = 0;
    for (var part : manifest(run).explanations().orElseThrow().parts()) {
      Path file = run.resolve("explanations").resolve(part.name());
      try (ParquetFileReader reader =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(
                  new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
        rows += reader.getRecordCount();
      }
    }
    return rows;
  }

  /**
   * That the same was published in {@code output}, and nothing else is there.
   *
   * @param fault that was tried
   */
  void assertSame(String fault, Path output) throws IOException {
    assertSame(List.of(fault), output);
  }

  /** The same after several faults. */
  void assertSame(List<String> faults, Path output) throws IOException {
    assertSame(faults, output, UnaryOperator.identity());
  }

  /** The same where another Spark of the same line has written its version into the files. */
  void assertSameOfAnotherSpark(String fault, Path output) throws IOException {
    assertSame(
        List.of(fault),
        output,
        bytes ->
            new String(bytes, ISO_8859_1)
                .replaceAll("3\\.5\\.[0-9]", "3.5.x")
                .getBytes(ISO_8859_1));
  }

  private void assertSame(List<String> faults, Path output, UnaryOperator<byte[]> compared)
      throws IOException {
    Path other = output.resolve(RUN);
    FaultTable.lost(faults.get(0), ROWS - rows(other));
    Map<String, byte[]> found = files(other);
    assertEquals(files.keySet(), found.keySet());
    files.forEach(
        (name, bytes) ->
            assertArrayEquals(compared.apply(bytes), compared.apply(found.get(name)), name));
    assertEquals(manifest(run).metrics(), manifest(other).metrics());
    assertEquals(epochs(run), epochs(other));
    try (var names = Files.list(output)) {
      assertEquals(List.of(other), names.toList());
    }
    faults.forEach(FaultTable::survived);
  }

  /** That nothing was published in {@code output}. */
  static void assertNothing(Path output) {
    assertEquals(false, Files.exists(output.resolve(RUN)));
  }
}
