package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.faults.Faults.Kind;
import io.sparkcam.run.ManifestSignature;
import io.sparkcam.storage.Sha256;
import io.sparkcam.testing.ObjectStore;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A small signed run of a folder of images with a bad one, and a fault at every single thing that
 * it does to files: a kill (simulated: nothing is done to files any more), a full disk, an error of
 * the disk. Whatever a run says after it, what is published in the end, at once or with {@code
 * --resume}, has the bytes of a run that nothing happened to, and {@code clean} leaves nothing
 * else. {@code -Dfaults.every=20} tries every 20th, {@code -Dfaults.kind=KILL} those of one kind.
 */
@Tag("numbered")
class NumberedFaultsTest {
  private static final int EVERY = Integer.getInteger("faults.every", 1);
  private static final String KINDS = System.getProperty("faults.kind", ".*");
  private static final int ROWS = 8;
  private static final Set<String> DATED =
      Set.of(
          "manifest.json",
          "manifest.json.sig",
          "history.jsonl",
          "events.out.tfevents.sparkcam",
          "index.html");

  @TempDir static Path directory;
  private static SparkSession spark;
  private String said = "";

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    Files.createDirectory(directory.resolve("runs"));
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    key("PRIVATE KEY", keys.getPrivate());
    key("PUBLIC KEY", keys.getPublic());
    FaultTable.into("numbered-faults.txt");
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "OFF")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.local.dir", directory.resolve("scratch").toString())
            .config("spark.hadoop.fs.file.impl", NumberedFiles.class.getName())
            .config("spark.hadoop.fs.objects.impl", ObjectStore.class.getName())
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    ObjectStore.heal();
    spark.stop();
  }

  private static void key(String kind, Key key) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(key.getEncoded());
    Files.writeString(
        directory.resolve(kind),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----".formatted(kind, body));
  }

  private int sparkcam(String... arguments) {
    StringWriter err = new StringWriter();
    PrintWriter out = new PrintWriter(PrintWriter.nullWriter());
    Console console = new Console(out, new PrintWriter(err, true), 0);
    int code = SparkCam.of(SparkCommandActions::new, console).execute(arguments);
    said = err.toString().strip();
    return code;
  }

  private int run(String output, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("run", "--data", "src/test/resources/cases/loose_in_train"));
    arguments.addAll(List.of("--bad-records", "quarantine", "--resize", "16"));
    arguments.addAll(List.of("--output", output, "--run-id", "a", "--workers", "1"));
    arguments.addAll(List.of("--sign", directory.resolve("PRIVATE KEY").toString()));
    arguments.addAll(List.of("--train-limit", "16", "--epochs", "1", "--batch-size", "8"));
    arguments.addAll(List.of("--averaging-frequency", "1", "--checkpoint-every", "1"));
    arguments.addAll(List.of("--validation-split", "0", "--partitions", "2"));
    arguments.addAll(List.of(more));
    return sparkcam(arguments.toArray(String[]::new));
  }

  /** The SHA-256 of each file, but for those that say when they were made. */
  private static Map<String, String> files(Path run) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (var files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean dated = DATED.contains(file.getFileName().toString());
        String sha256 = dated ? "" : Sha256.of(Files.readAllBytes(file));
        found.put(run.relativize(file).toString(), sha256);
      }
    }
    return found;
  }

  /** The process whose run failed has ended when somebody goes on with it; here it is this one. */
  private static void bury(Path output) throws IOException, InterruptedException {
    Path owner = output.resolve(".a.owner");
    if (Files.exists(owner)) {
      Process dead = new ProcessBuilder("true").start();
      dead.waitFor();
      String own = "\"pid\":" + ProcessHandle.current().pid();
      String text = Files.readString(owner).replace(own, "\"pid\":" + dead.pid());
      Files.writeString(owner, text);
      if (!text.endsWith("}")) {
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
    ObjectStore.failing(
        operation -> {
          try {
            Faults.operate(operation);
            return false;
          } catch (IOException e) {
            return true;
          }
        });
    Path undisturbed = directory.resolve("runs/0");
    Faults.none();
    assertEquals(0, run(scheme + "://" + undisturbed), () -> said);
    List<String> operations = Faults.operations();
    Map<String, String> expected = files(undisturbed.resolve("a"));
    delete(undisturbed);
    List<String> failures = new ArrayList<>();
    int number = 0;
    for (Kind kind : Kind.values()) {
      for (String operation : operations) {
        if (kind.strikes(operation) && kind.name().matches(KINDS) && number++ % EVERY == 0) {
          String fault =
              "%s, %s at one of %s operations".formatted(scheme, kind, operations.size());
          FaultTable.tried(fault);
          String found = struck(scheme, kind, operation, expected);
          if (found.isEmpty()) {
            FaultTable.survived(fault);
          } else {
            FaultTable.lost(fault, ROWS);
            failures.add("%s at %s: %s".formatted(fault, operation, found));
          }
        }
      }
    }
    assertTrue(failures.isEmpty(), String.join("\n", failures));
  }

  /** What is wrong afterwards; empty: nothing. */
  private String struck(String scheme, Kind kind, String operation, Map<String, String> expected)
      throws Exception {
    Path output = directory.resolve("runs/1");
    String place = scheme + "://" + output;
    Faults.strike(kind, operation);
    int code = run(place);
    String first = said;
    boolean struck = Faults.struck();
    Faults.none();
    Path run = output.resolve("a");
    boolean published = Files.exists(run.resolve("manifest.json"));
    String wrong = "";
    if (!struck) {
      wrong = "never came";
    } else if (code == 0 && !published) {
      wrong = "ended well, and nothing is published";
    } else if (code != 0
        && !first.matches(kind == Kind.KILL ? "sparkcam: .+" : "sparkcam: .*/.*")) {
      wrong = "said " + first;
    } else if (published && !expected.equals(files(run))) {
      wrong = "published something else: " + files(run).keySet();
    } else {
      bury(output);
      if (!published && run(place, "--resume") != 0) {
        wrong = "after [%s] resuming said %s".formatted(first, said);
      } else if (!expected.equals(files(run))) {
        wrong = "after [%s] resumed to something else".formatted(first);
      } else {
        ManifestSignature.require(
            new org.apache.hadoop.fs.Path(run.toString()),
            directory.resolve("PUBLIC KEY").toString(),
            new Configuration());
        sparkcam("clean", "--output", place);
        try (var left = Files.list(output)) {
          List<Path> names = left.toList();
          wrong = names.size() == 1 ? "" : "after [%s] left %s".formatted(first, names);
        }
      }
    }
    delete(output);
    return wrong;
  }
}
