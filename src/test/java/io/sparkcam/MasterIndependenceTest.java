package io.sparkcam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sparkcam.testing.SharedSpark;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same shards give the same model and the same table, byte for byte, wherever they run: here as
 * two threads, there as one with another serializer, or as two executors in processes of their own.
 */
@Tag("localisation")
@SharedSpark
class MasterIndependenceTest {
  private static final long MINUTES = 4;

  /** As {@code conf/spark-defaults.conf} has it: without it executors would use another engine. */
  private static final String EXECUTOR_OPTIONS = "--add-modules=jdk.incubator.vector";

  @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER)
  static Path temporary;

  private static Path here;

  @BeforeAll
  static void runHere(JavaSparkContext sc) throws IOException {
    here = Files.createDirectory(temporary.resolve("here"));
    SmallRun.leave(sc, here);
  }

  @Test
  void oneThreadAndKryo() throws Exception {
    Path there =
        run(
            "local[1]",
            "-Dspark.serializer=org.apache.spark.serializer.KryoSerializer",
            "-Dspark.kryo.registrator=org.nd4j.kryo.Nd4jRegistrator");
    assertSameResults(there);
  }

  @Test
  void twoProcesses() throws Exception {
    assertSameResults(
        run("local-cluster[2,1,1024]", "-Dspark.executor.extraJavaOptions=" + EXECUTOR_OPTIONS));
  }

  private static void assertSameResults(Path there) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(here.resolve("model")), Files.readAllBytes(there.resolve("model")));
    List<String> rows = Files.readAllLines(there.resolve("rows"));
    assertEquals(Files.readAllLines(here.resolve("rows")), rows);
    assertEquals(3, rows.size());
    assertTrue(rows.get(0).startsWith("0 to "));
  }

  /**
   * Runs the same on another master, in a process of its own: one JVM holds one Spark context.
   *
   * @return the directory of the results
   */
  private static Path run(String master, String... options) throws Exception {
    Path directory = Files.createDirectory(temporary.resolve(master.replaceAll("\\W", "-")));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            SmallRun.class.getName(),
            master,
            directory.toString()));
    File log = directory.resolve("log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        fail(master + ":\n" + Files.readString(log.toPath()));
      }
    } finally {
      process.destroyForcibly();
    }
    return directory;
  }
}
