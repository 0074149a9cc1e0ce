package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.faults.TaskFaults.Kind;
import io.sparkcam.testing.ShapeImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Executors that are killed and tasks that are too slow, on a cluster of several processes. */
@Tag("faults")
class ClusterFaultsTest {
  private static Undisturbed undisturbed;
  private static Cluster cluster;

  @TempDir Path directory;

  @BeforeAll
  static void start(@TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER) Path shared)
      throws Exception {
    undisturbed = Undisturbed.run();
    cluster = new Cluster(shared);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private Launch launch() throws Exception {
    return new Launch(directory).master(cluster.master());
  }

  @ParameterizedTest
  @CsvSource({
    "executor killed in a training round, 'training: epoch 1, round 1 .*'",
    "executor killed in explanation, explanation - .*",
  })
  void anotherExecutorTakesOver(String fault, String stage) throws Exception {
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    try (Job job = launch().task(stage, Kind.HOLD).start(undisturbed.arguments(output))) {
      Job.kill(job.reached().gate().process());
      job.succeeds();
      assertTrue(job.err().contains("Lost executor"), job.err());
    }
    undisturbed.assertSame(fault, output);
  }

  /** What it wrote is all there but for the footer. */
  @Test
  void executorLeavesHalfAPart() throws Exception {
    String fault = "executor killed while it writes a part";
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch = launch().at("close .*/attempts/part-00001-.*", GatedFiles.Then.HOLD);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      Job.kill(job.reached().gate().process());
      job.succeeds();
      assertTrue(job.err().contains("Lost executor"), job.err());
    }
    undisturbed.assertSame(fault, output);
  }

  /** In the middle of the first chunk. What a killed driver left is read anew. */
  @Test
  void imagesAreReadAgain() throws Exception {
    Path data = directory.resolve("photos");
    new ShapeImages(1).write(data, 90);
    Path expected = directory.resolve("expected");
    try (Job job = new Launch(directory).start(arguments(data, expected))) {
      job.succeeds();
    }
    Map<String, byte[]> files = Undisturbed.files(expected.resolve(Undisturbed.RUN));
    for (String killed : List.of("executor", "driver")) {
      String fault = killed + " killed while it reads images";
      FaultTable.tried(fault);
      Path output = directory.resolve("out-" + killed);
      Launch launch = launch().at("close .*chunks/train-00000.*", GatedFiles.Then.HOLD);
      try (Job job = launch.start(arguments(data, output))) {
        job.reached();
        if (killed.equals("executor")) {
          Job.kill(job.gate().process());
          job.succeeds();
          assertTrue(job.err().contains("Lost executor"), job.err());
        } else {
          job.kill();
        }
      }
      if (killed.equals("driver")) {
        try (Job job = launch().start(arguments(data, output, "--resume"))) {
          job.succeeds();
        }
      }
      Map<String, byte[]> found = Undisturbed.files(output.resolve(Undisturbed.RUN));
      assertEquals(files.keySet(), found.keySet());
      files.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
      try (var names = Files.list(output)) {
        assertEquals(List.of(output.resolve(Undisturbed.RUN)), names.toList());
      }
      FaultTable.lost(fault, 0);
      FaultTable.survived(fault);
    }
  }

  private static List<String> arguments(Path data, Path output, String... more) {
    return Undisturbed.arguments(data.toString(), output.toString(), more);
  }

  /** The driver has begun to move parts into the table, and waits until the executor is gone. */
  @Test
  void executorIsNotMissedDuringCommit() throws Exception {
    String fault = "executor killed during commit";
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch = launch().watched().at("rename .*/attempts/part-00001-.*", GatedFiles.Then.HOLD);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      job.reached();
      List<ProcessHandle> executors = job.executors();
      assertEquals(2, executors.size());
      Job.kill(executors.get(0));
      job.gate().release();
      job.succeeds();
    }
    undisturbed.assertSame(fault, output);
  }

  /** The slow attempt does all its work when the other one has won, and must not be noticed. */
  @ParameterizedTest
  @CsvSource({
    "speculation in a training round, 'training: epoch 1, round 1 .*'",
    "speculation in explanation, explanation - .*",
  })
  void slowAttemptIsOvertaken(String fault, String stage) throws Exception {
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch = speculating().task(stage, Kind.OUTLAST);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      // The gate is never opened: without a second attempt it would not end.
      job.reached().succeeds();
    }
    undisturbed.assertSame(fault, output);
  }

  private Launch speculating() throws Exception {
    return launch()
        .conf("spark.speculation", "true")
        .conf("spark.speculation.interval", "50ms")
        .conf("spark.speculation.multiplier", "1.1")
        .conf("spark.speculation.quantile", "0.5")
        .conf("spark.speculation.minTaskRuntime", "50ms");
  }

  /** It has read blocks and says nothing any more; nobody may want them of it. */
  @Test
  void stoppedExecutorIsNotWaitedFor() throws Exception {
    String fault = "speculation, executor stopped (SIGSTOP)";
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch = speculating().task("training: epoch 1, round 2 .*", Kind.HOLD);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      ProcessHandle executor = job.reached().gate().process();
      Job.stop(executor);
      try {
        job.succeeds();
      } finally {
        Job.kill(executor);
      }
    }
    undisturbed.assertSame(fault, output);
  }

  /** The first executor waits until a second one has come, and leaves its work to that. */
  @Test
  void executorsComeAndGo() throws Exception {
    String fault = "dynamic allocation, an executor comes and the first one is killed";
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch =
        launch()
            .task("training: epoch 1, round 2 .*", Kind.HOLD)
            .conf("spark.executor.cores", "1")
            .conf("spark.dynamicAllocation.enabled", "true")
            .conf("spark.dynamicAllocation.shuffleTracking.enabled", "true")
            .conf("spark.dynamicAllocation.initialExecutors", "1")
            .conf("spark.dynamicAllocation.maxExecutors", "2");
    try (Job job = launch.start(undisturbed.arguments(output))) {
      ProcessHandle first = job.reached().gate().process();
      job.await("another executor", () -> job.executors().size() > 1);
      Job.kill(first);
      job.succeeds();
      assertTrue(job.err().contains("cluster: 1 executors"), job.err());
    }
    undisturbed.assertSame(fault, output);
  }

  @Test
  void runOfOneThreadIsResumedOnTheCluster() throws Exception {
    String fault = "driver killed, resumed on another master";
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch =
        new Launch(directory)
            .master("local[1]")
            .at("create .*epoch-00002-round-0000001.*", GatedFiles.Then.HOLD);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      job.reached().kill();
    }
    try (Job job = launch().start(undisturbed.arguments(output, "--resume"))) {
      job.succeeds();
      assertTrue(job.err().contains("resume: 1 epochs and "), job.err());
    }
    undisturbed.assertSame(fault, output);
  }
}
