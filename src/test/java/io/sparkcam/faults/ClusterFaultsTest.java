package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.faults.GatedFiles.Then;
import io.sparkcam.faults.TaskFaults.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /**
   * Four in one run. Of the part all is there but for the footer; at the commit the driver has
   * begun to move parts into the table, and waits until the executor is gone.
   */
  @Test
  void anotherExecutorTakesOver() throws Exception {
    List<String> faults =
        List.of(
            "executor killed in a training round",
            "executor killed in explanation",
            "executor killed while it writes a part",
            "executor killed during commit");
    faults.forEach(FaultTable::tried);
    Path output = directory.resolve("out");
    Launch launch =
        launch()
            .task("training: epoch 1, round 1 .*", Kind.HOLD)
            .task("explanation - .*", Kind.HOLD)
            .at("close .*/attempts/part-00001-.*", Then.HOLD)
            .at("rename .*/attempts/part-00001-.*", Then.HOLD);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      for (int fault = 0; fault < 3; fault++) {
        Job.kill(job.reached(fault).gate(fault).process());
      }
      job.reached(3).await("another executor", () -> job.executors().size() == 2);
      Job.kill(job.executors().get(0));
      job.gate(3).release();
      job.succeeds();
      assertTrue(job.err().split("Lost executor", -1).length > 3, job.err());
    }
    undisturbed.assertSame(faults, output);
  }

  /** The slow attempts do all their work when others have won, and must not be noticed. */
  @Test
  void slowAttemptIsOvertaken() throws Exception {
    List<String> faults = List.of("speculation in a training round", "speculation in explanation");
    faults.forEach(FaultTable::tried);
    Path output = directory.resolve("out");
    Launch launch =
        speculating()
            .task("training: epoch 1, round 1 .*", Kind.OUTLAST)
            .task("explanation - .*", Kind.OUTLAST);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      // The gates are never opened: without second attempts it would not end.
      job.reached(0).reached(1).succeeds();
    }
    undisturbed.assertSame(faults, output);
  }

  private Launch speculating() throws Exception {
    return launch()
        .conf("spark.speculation", "true")
        .conf("spark.speculation.interval", "50ms")
        .conf("spark.speculation.multiplier", "1.1")
        .conf("spark.speculation.quantile", "0.5")
        .conf("spark.speculation.minTaskRuntime", "50ms");
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

  /** There an executor that has read blocks says nothing any more; nobody may want them of it. */
  @Test
  void runOfOneThreadIsResumedOnTheClusterWhereAnExecutorStops() throws Exception {
    List<String> faults =
        List.of(
            "driver killed, resumed on another master", "speculation, executor stopped (SIGSTOP)");
    faults.forEach(FaultTable::tried);
    Path output = directory.resolve("out");
    Launch launch =
        new Launch(directory)
            .master("local[1]")
            .at("create .*epoch-00002-round-0000001.*", Then.HOLD);
    try (Job job = launch.start(undisturbed.arguments(output))) {
      job.reached().kill();
    }
    Launch again = speculating().task("training: epoch 2, round 2 .*", Kind.HOLD);
    try (Job job = again.start(undisturbed.arguments(output, "--resume"))) {
      ProcessHandle executor = job.reached().gate().process();
      Job.stop(executor);
      try {
        job.succeeds();
      } finally {
        Job.kill(executor);
      }
      assertTrue(job.err().contains("resume: 1 epochs and "), job.err());
    }
    undisturbed.assertSame(faults, output);
  }
}
