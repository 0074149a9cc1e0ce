package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.testing.ObjectStore;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.ExtractRun;
import io.sparkcam.view.TensorBoardEvents;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that stop somewhere and are gone on with, as a user does it. */
@SharedSpark
class ResumeTest {
  @TempDir static Path shared;
  private static Map<String, byte[]> undisturbed;

  @TempDir Path output;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void runUndisturbed(JavaSparkContext sc) throws IOException {
    ObjectStore.in(sc.hadoopConfiguration());
    ResumeTest test = new ResumeTest();
    assertEquals(0, test.sparkcam("never", shared.toString(), "run"), test.err::toString);
    undisturbed = files(shared.resolve("a"));
  }

  @AfterEach
  void heal() {
    ObjectStore.heal();
  }

  /** What a run leaves, but for what says when it was made. */
  private static Map<String, byte[]> files(Path run) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (var tree = Files.walk(run)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        // Those three tell how long it took.
        if (!Set.of("manifest.json", "history.jsonl", TensorBoardEvents.NAME, "report/index.html").contains(name)) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private void assertUndisturbed(Path run) throws IOException {
    Map<String, byte[]> found = files(run);
    assertEquals(undisturbed.keySet(), found.keySet());
    undisturbed.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
    assertEquals(2, Files.readAllLines(run.resolve("history.jsonl")).size());
  }

  /** A terminal that is torn off when it is to show some text. */
  private static final class Torn extends StringWriter {
    private final String text;

    Torn(String text) {
      this.text = text;
    }

    @Override
    public void write(String shown, int offset, int length) {
      if (shown.contains(text)) {
        throw new IllegalStateException("terminal torn off");
      }
      super.write(shown, offset, length);
    }
  }

  private int sparkcam(String torn, String where, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--output", where));
    arguments.addAll(List.of(more));
    if (command.equals("run") || command.equals("train")) {
      arguments.addAll(List.of("--epochs", "2", "--averaging-frequency", "4", "--run-id", "a"));
      if (!arguments.contains("--data")) {
        arguments.addAll(List.of("--data", ExtractRun.DATA));
      }
    }
    return execute(torn.equals("never") ? out : new Torn(torn), arguments.toArray(String[]::new));
  }

  private int execute(Writer terminal, String... arguments) {
    assertTrue(SparkSession.getDefaultSession().isDefined());
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Console console = new Console(new PrintWriter(terminal, true), new PrintWriter(err, true), 0);
    return SparkCam.of(SparkCommandActions::new, console).execute(arguments);
  }

  private List<String> names() throws IOException {
    try (var entries = Files.list(output)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  /** After the first epoch, and after training. */
  @ParameterizedTest
  @ValueSource(strings = {"540/540", "predicted"})
  void resumedRunEndsWithTheSameBytes(String torn) throws IOException {
    assertEquals(1, sparkcam(torn, output.toString(), "run", "--checkpoint-every", "3"));
    assertEquals(List.of(".a.checkpoints", ".a.staging"), names());
    assertEquals(0, sparkcam("never", output.toString(), "run", "--resume"), err::toString);
    assertEquals(List.of("a"), names());
    assertUndisturbed(output.resolve("a"));
    assertEquals(1, sparkcam("never", output.toString(), "run", "--resume"));
    assertEquals(
        "sparkcam: " + output + "/a: is already published, there is nothing to resume\n",
        err.toString());
  }

  @Test
  void otherSettingsAreRefusedByName() throws IOException {
    String where = output.toString();
    assertEquals(1, sparkcam("540/540", where, "train"));
    assertEquals(1, sparkcam("never", where, "train", "--resume", "--learning-rate", "0.01"));
    assertEquals(
        "sparkcam: --learning-rate is 0.01, but the checkpoint was made with 0.004\n",
        err.toString());
    assertEquals(1, sparkcam("never", where, "train", "--resume", "--workers", "5"));
    assertEquals("sparkcam: --workers is 5, but the checkpoint was made with 2\n", err.toString());
    assertEquals(1, sparkcam("never", where, "run", "--resume"));
    assertEquals(
        "sparkcam: "
            + output
            + "/a: this run was started by the command train; resume it with that command\n",
        err.toString());
    assertEquals(0, sparkcam("never", where, "train", "--resume"), err::toString);
    assertModelUndisturbed();
  }

  /** What was explained stays with the settings it was explained by, and the run can go on. */
  @Test
  void otherSettingsOfTheTableAreRefusedByName() throws IOException {
    String where = output.toString();
    assertEquals(1, sparkcam("predicted", where, "run"));
    assertEquals(1, sparkcam("never", where, "run", "--resume", "--test-limit", "50"));
    assertEquals(
        "sparkcam: --test-limit is 50, but the checkpoint was made with 200\n", err.toString());
    assertEquals(1, sparkcam("never", where, "run", "--resume", "--faithfulness"));
    assertEquals(
        "sparkcam: --faithfulness is true, but the checkpoint was made with false\n",
        err.toString());
    assertEquals(0, sparkcam("never", where, "run", "--resume"), err::toString);
    assertUndisturbed(output.resolve("a"));

    where = output.resolve("measured").toString();
    assertEquals(1, sparkcam("predicted", where, "run", "--faithfulness"));
    assertEquals(1, sparkcam("never", where, "run", "--resume"));
    assertEquals(
        "sparkcam: --faithfulness is false, but the checkpoint was made with true\n",
        err.toString());
  }

  @Test
  void otherDataAreRefused(@TempDir Path data) throws IOException {
    assertEquals(1, sparkcam("540/540", output.toString(), "train"));
    for (String name : List.of("train-images-idx3", "t10k-images-idx3", "t10k-labels-idx1")) {
      copy(name, data);
    }
    Path labels = copy("train-labels-idx1", data);
    // The same labels, stored in other bytes.
    byte[] gzip = Files.readAllBytes(labels);
    gzip[9] ^= 1;
    Files.write(labels, gzip);
    assertEquals(
        1, sparkcam("never", output.toString(), "train", "--resume", "--data", data.toString()));
    assertTrue(
        err.toString()
            .matches(
                "sparkcam: SHA-256 of the training labels is [0-9a-f]{64}, but the checkpoint was made"
                    + " with [0-9a-f]{64}\n"),
        err::toString);
  }

  private static Path copy(String name, Path data) throws IOException {
    String file = name + "-ubyte.gz";
    return Files.copy(Path.of(ExtractRun.DATA, file), data.resolve(file));
  }

  private void assertModelUndisturbed() throws IOException {
    assertArrayEquals(
        undisturbed.get("model.zip"), Files.readAllBytes(output.resolve("a/model.zip")));
  }

  @Test
  void damagedCheckpointIsSetAside() throws IOException {
    String where = output.toString();
    assertEquals(1, sparkcam("540/540", where, "train", "--checkpoint-every", "3"));
    Path checkpoints = output.resolve(".a.checkpoints");
    Path last = checkpoints.resolve("epoch-00002-round-0000000.checkpoint");
    byte[] bytes = Files.readAllBytes(last);
    bytes[bytes.length / 2] ^= 1;
    Files.write(last, bytes);
    // Goes on within the first epoch, and stops again where that ends.
    assertEquals(1, sparkcam("540/540", where, "train", "--resume"));
    assertArrayEquals(
        bytes, Files.readAllBytes(checkpoints.resolve(last.getFileName() + ".damaged")));
    assertTrue(Files.exists(last));
    assertEquals(0, sparkcam("never", where, "train", "--resume"), err::toString);
    assertModelUndisturbed();
  }

  @Test
  void withoutANameTheNewestUnfinishedRunIsMeant() throws IOException {
    String where = output.toString();
    assertEquals(1, sparkcam("540/540", where, "train"));
    String line = "train --resume --epochs 2 --averaging-frequency 4 --data " + ExtractRun.DATA;
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ", -1)));
    words.addAll(List.of("--output", where));
    String[] resume = words.toArray(String[]::new);
    assertEquals(0, execute(out, resume), err::toString);
    assertModelUndisturbed();
    assertEquals(1, execute(out, resume));
    assertEquals(
        "sparkcam: " + output + ": there is no unfinished run to resume\n", err.toString());
  }

  @Test
  void whereNothingWasLeftItStartsAfresh() throws IOException {
    assertEquals(0, sparkcam("never", output.toString(), "train", "--resume"), err::toString);
    assertModelUndisturbed();
  }

  @Test
  void whatCanBeResumedIsCleanedOnlyByName() throws IOException {
    assertEquals(1, sparkcam("540/540", output.toString(), "run"));
    Files.writeString(
        output.resolve(".b.owner"),
        "{\"host\":\"elsewhere\",\"machine\":\"\",\"pid\":1,\"started\":\"\"}");
    Files.createDirectories(output.resolve(".c.staging"));
    Files.writeString(output.resolve(".c.staging/rest"), "12345");

    assertEquals(0, sparkcam("never", output.toString(), "clean", "--dry-run"), err::toString);
    assertTrue(out.toString().contains("would remove .c.staging (5 B, "), out::toString);
    assertEquals(List.of(".a.checkpoints", ".a.staging", ".b.owner", ".c.staging"), names());
    assertEquals(0, sparkcam("never", output.toString(), "clean"), err::toString);
    assertEquals(List.of(".a.checkpoints", ".a.staging", ".b.owner"), names());
    String said = out.toString();
    assertTrue(said.contains("removed .c.staging (5 B, "), said);
    assertTrue(said.contains(": made by process 1 on elsewhere"), said);
    assertTrue(said.contains(": --resume --run-id a goes on; clean a or --all removes it"), said);
    assertEquals(0, sparkcam("never", output.toString(), "clean", "a"), err::toString);
    assertEquals(List.of(".b.owner"), names());
    assertEquals(0, sparkcam("never", output.toString(), "clean", "--all"), err::toString);
    assertTrue(out.toString().contains("nothing to remove in " + output), out::toString);
  }

  /** An object store that stops answering when the finished part is to be adopted. */
  @Test
  void finishedPartIsNotComputedAgain() throws IOException {
    String store = ObjectStore.uri(output);
    ObjectStore.failing(what -> what.matches("copy .*/part-.*"));
    assertEquals(1, sparkcam("never", store, "run"));
    assertEquals(1, sparkcam("never", store, "verify", "a"));
    assertTrue(err.toString().contains("manifest.json: not found"), err::toString);

    ObjectStore.failing(what -> what.matches("create .*/part-.*"));
    assertEquals(0, sparkcam("never", store, "run", "--resume"), err::toString);
    assertUndisturbed(output.resolve("a"));
    assertEquals(List.of("a"), names());
    assertEquals(0, sparkcam("never", store, "verify", "a"), err::toString);
  }

  /** Killed while the manifest is written: there is no run, and a directory that is ours. */
  @Test
  void objectStoreHasNoRunWithoutItsManifest() throws IOException {
    String store = ObjectStore.uri(output);
    ObjectStore.failing(what -> what.equals("close " + output + "/a/manifest.json"));
    assertEquals(1, sparkcam("never", store, "run"));
    assertTrue(err.toString().contains("the store does not answer"), err::toString);
    assertTrue(Files.exists(output.resolve("a/model.zip")));
    ObjectStore.heal();
    assertEquals(1, sparkcam("never", store, "show-cam", "a", "--index", "0"));
    assertTrue(err.toString().contains("not a published run"), err::toString);
    assertEquals(0, sparkcam("never", store, "run", "--resume"), err::toString);
    assertUndisturbed(output.resolve("a"));
    assertEquals(List.of("a"), names());
  }

  @Test
  void directoryOfSomebodyElseIsNoHalfRun() throws IOException {
    Path mine = Files.createDirectories(output.resolve("a")).resolve("mine");
    Files.writeString(mine, "precious");
    assertEquals(1, sparkcam("never", ObjectStore.uri(output), "run"));
    assertTrue(err.toString().contains("/a: already exists"), err::toString);
    assertEquals(1, sparkcam("never", ObjectStore.uri(output), "run", "--resume"));
    assertTrue(err.toString().contains("/a: already exists"), err::toString);
    assertEquals("precious", Files.readString(mine));
  }
}
