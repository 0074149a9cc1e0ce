package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.faults.Faults.Kind;
import io.sparkcam.storage.DigestStream;
import io.sparkcam.testing.ObjectStore;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A small run, and a fault at every single thing that it does to files: a kill (simulated: nothing
 * is done to files any more), a full disk, an error of the disk. Whatever a run says after it, what
 * is published in the end, at once or with {@code --resume}, has the bytes of a run that nothing
 * happened to. {@code -Dfaults.every=3} takes every third operation.
 */
@Tag("numbered")
class NumberedFaultsTest {
  private static final int EVERY = Integer.getInteger("faults.every", 1);
  private static final Set<String> DATED = Set.of("manifest.json", "history.jsonl", "index.html");
  private static SparkSession spark;

  @TempDir Path directory;
  private String said = "";

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "OFF")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.hadoop.fs.file.impl", NumberedFiles.class.getName())
            .config("spark.hadoop.fs.objects.impl", ObjectStore.class.getName())
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private int sparkcam(String output, String... more) {
    StringWriter err = new StringWriter();
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), 0);
    List<String> arguments =
        new ArrayList<>(
            List.of("run", "--data", "src/test/resources/fashion-mnist-extract", "--output"));
    arguments.addAll(List.of(output, "--run-id", "a", "--workers", "1", "--epochs", "2"));
    arguments.addAll(List.of("--train-limit", "32", "--test-limit", "8", "--batch-size", "16"));
    arguments.addAll(List.of("--validation-split", "0", "--checkpoint-every", "1"));
    arguments.addAll(List.of(more));
    int code =
        SparkCam.of(SparkCommandActions::new, console).execute(arguments.toArray(String[]::new));
    said = err.toString();
    return code;
  }

  /** The SHA-256 of each file, but for those that say when they were made. */
  private static TreeMap<String, String> files(Path run) throws IOException {
    TreeMap<String, String> found = new TreeMap<>();
    try (var files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean dated = DATED.contains(file.getFileName().toString());
        byte[] digest = DigestStream.sha256().digest(Files.readAllBytes(file));
        found.put(run.relativize(file).toString(), dated ? "" : HexFormat.of().formatHex(digest));
      }
    }
    return found;
  }

  /** The process that is simulated to be dead is this one. */
  private static void bury(Path output) throws IOException, InterruptedException {
    Path owner = output.resolve(".a.owner");
    if (Files.exists(owner)) {
      Process dead = new ProcessBuilder("true").start();
      dead.waitFor();
      String own = "\"pid\":" + ProcessHandle.current().pid();
      String text = Files.readString(owner).replace(own, "\"pid\":" + dead.pid());
      Files.writeString(owner, text);
      if (text.isEmpty()) {
        Files.delete(owner); // as somebody does who is told that it names no process
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (var all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "objects"})
  void everyFaultIsSurvived(String scheme) throws Exception {
    if (scheme.equals("objects")) {
      ObjectStore.failing(
          operation -> {
            try {
              Faults.operate(operation);
              return false;
            } catch (IOException e) {
              return true;
            }
          });
    }
    Path undisturbed = directory.resolve("undisturbed");
    Faults.strike(Kind.KILL, 0);
    assertEquals(0, sparkcam(scheme + "://" + undisturbed), () -> said);
    List<String> operations = Faults.operations();
    TreeMap<String, String> expected = files(undisturbed.resolve("a"));
    Files.write(Path.of("target", "operations-" + scheme + ".txt"), operations);
    List<String> failures = new ArrayList<>();
    int tried = 0;
    long began = System.nanoTime();
    for (int number = 1; number <= operations.size(); number += EVERY) {
      Kind kind = Kind.values()[tried % Kind.values().length];
      FaultTable.tried(scheme + ": " + kind);
      tried++;
      String what = "%s at %s, %s".formatted(kind, number, operations.get(number - 1));
      String found = struck(scheme, kind, number, expected);
      if (found.isEmpty()) {
        FaultTable.survived(scheme + ": " + kind);
      } else {
        failures.add(what + ": " + found);
        System.out.println(what + ": " + found);
      }
    }
    System.out.printf(
        "%s: %d operations, %d faults, %d s%n",
        scheme, operations.size(), tried, (System.nanoTime() - began) / 1_000_000_000);
    assertTrue(failures.isEmpty(), String.join("\n", failures));
  }

  /** What is wrong afterwards; empty: nothing. */
  private String struck(String scheme, Kind kind, int number, TreeMap<String, String> expected)
      throws Exception {
    Path output = Files.createTempDirectory(directory, "out-");
    String place = scheme + "://" + output;
    Faults.strike(kind, number);
    int code = sparkcam(place);
    String first = said.strip();
    Faults.strike(Kind.KILL, 0);
    Path run = output.resolve("a");
    boolean published = Files.exists(run.resolve("manifest.json"));
    if (code == 0 && !published) {
      return "ended well, and nothing is published";
    }
    if (code != 0 && first.lines().filter(line -> line.startsWith("sparkcam: ")).count() != 1) {
      return "said " + first;
    }
    if (published && !expected.equals(files(run))) {
      return "published something else: " + files(run).keySet();
    }
    if (kind == Kind.KILL) {
      bury(output);
    }
    if (!published) {
      if (sparkcam(place, "--resume") != 0) {
        return "after [%s] resuming said %s".formatted(first, said);
      }
      if (!expected.equals(files(run))) {
        return "resumed to something else";
      }
      try (var left = Files.list(output)) {
        List<Path> names = left.toList();
        if (names.size() != 1) {
          return "after [%s] left %s".formatted(first, names);
        }
      }
    }
    delete(output);
    return "";
  }
}
