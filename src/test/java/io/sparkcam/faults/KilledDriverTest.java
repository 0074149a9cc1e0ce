package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.faults.GatedFiles.Then;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drivers that are killed, and runs that are gone on with. */
@Tag("faults")
class KilledDriverTest {
  /** How many moments: {@code -Dfaults.kills=N} for more or fewer. */
  private static final int POINTS = Integer.getInteger("faults.kills", 10);

  /** Chooses when: {@code -Dfaults.seed=N} for others. */
  private static final long SEED = Long.getLong("faults.seed", 20);

  private static final int LONGEST_DELAY_MILLIS = 400;

  @TempDir Path directory;

  /**
   * A moment: right before an operation on a file, or a little later, when something else is done.
   *
   * @param operation its number among all of the run
   * @param delayMillis after it; 0: before
   * @param again whether what resumes it is killed, too
   */
  record Moment(int operation, int delayMillis, boolean again) {}

  /**
   * One from each part of equal length of all that is done from right before the first round to the
   * end.
   */
  static Stream<Moment> moments() throws Exception {
    List<String> operations = Undisturbed.run().operations();
    int first = numberOf(operations, "rename .*/begun.json");
    int last = numberOf(operations, "rename .*/\\.a\\.staging .*/a");
    Random random = new Random(SEED);
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      int from = first + i * (last + 1 - first) / POINTS;
      int to = first + (i + 1) * (last + 1 - first) / POINTS;
      int delay = random.nextInt(LONGEST_DELAY_MILLIS) + 1;
      moments.add(new Moment(from + random.nextInt(to - from), i % 2 == 0 ? 0 : delay, i % 4 == 2));
    }
    return moments.stream();
  }

  private static int numberOf(List<String> operations, String operation) {
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).matches(operation)) {
        return i + 1;
      }
    }
    throw new IllegalStateException(operation + " is not among " + operations);
  }

  private Launch launch() throws Exception {
    return new Launch(directory);
  }

  private void kill(Launch launch, int delayMillis, String... more) throws Exception {
    Path output = directory.resolve("out");
    try (Job job = launch.start(Undisturbed.run().arguments(output, more))) {
      job.reached();
      Thread.sleep(delayMillis);
      job.kill();
    }
  }

  @ParameterizedTest
  @MethodSource("moments")
  void killedRunIsResumed(Moment moment) throws Exception {
    Path output = directory.resolve("out");
    String fault = moment.again() ? "driver and what resumes it killed" : "driver killed";
    FaultTable.tried(fault);
    Then then = moment.delayMillis() == 0 ? Then.HOLD : Then.PASS;
    kill(launch().at(moment.operation(), then), moment.delayMillis());
    if (moment.again()) {
      kill(launch().at("(create|rename) .*/part-00002.*", Then.HOLD), 0, "--resume");
    }
    resume(output);
    Undisturbed.run().assertSame(fault, output);
  }

  private void resume(Path output) throws Exception {
    boolean published = Files.exists(output.resolve(Undisturbed.RUN));
    try (Job job = launch().start(Undisturbed.run().arguments(output, "--resume"))) {
      if (published) {
        // The delay was long enough for it.
        assertTrue(job.fails().endsWith("is already published, there is nothing to resume"));
        try (Job clean = launch().start(List.of("clean", "--output", output.toString()))) {
          clean.succeeds();
        }
      } else {
        job.succeeds();
      }
    }
  }

  /**
   * A run that is told to end, then killed, and then found as a machine that loses its power may
   * leave it.
   */
  @Test
  void interruptedRunIsResumed() throws Exception {
    List<String> faults =
        List.of(
            "driver told to end (SIGTERM)",
            "scratch of a killed driver, clean",
            "checkpoint cut short");
    faults.forEach(FaultTable::tried);
    Path output = directory.resolve("out");
    Launch told = launch().at("create .*epoch-00001-round-0000002.checkpoint.*", Then.HOLD);
    try (Job job = told.start(Undisturbed.run().arguments(output))) {
      job.reached().terminate();
      assertEquals(143, job.code(), job.err());
      assertTrue(job.err().contains("checkpoints keeps what is done, run --resume --run-id a "));
    }
    assertEquals(List.of(), told.scratch());
    Launch killed = launch().at("create .*epoch-00002-round-0000002.checkpoint.*", Then.HOLD);
    kill(killed, 0, "--resume");
    assertEquals(1, killed.scratch().size());
    try (Job clean = killed.start(List.of("clean", "--output", output.toString()))) {
      clean.succeeds();
    }
    assertEquals(List.of(), killed.scratch());
    Path last = output.resolve(".a.checkpoints").resolve("epoch-00002-round-0000001.checkpoint");
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    try (Job job = launch().start(Undisturbed.run().arguments(output, "--resume"))) {
      job.succeeds();
      assertTrue(job.err().contains("set aside as " + last.getFileName() + ".damaged"), job.err());
      assertTrue(
          job.err().contains("resume: 1 epochs and 0 rounds of the next one are done"), job.err());
    }
    Undisturbed.run().assertSame(faults, output);
  }

  @Test
  void publishedRunOutlivesAKillWhileItsTracesAreRemoved() throws Exception {
    String fault = "driver killed after the rename";
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    kill(launch().at("delete .*/\\.a\\.owner", Then.HOLD), 0);
    resume(output);
    Undisturbed.run().assertSame(fault, output);
  }
}
