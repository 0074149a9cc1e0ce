package io.sparkcam.faults;

import io.sparkcam.faults.GatedFiles.Then;
import io.sparkcam.faults.TaskFaults.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that fail at their first attempt, where a second one is made. */
@Tag("faults")
class FailedTaskTest {
  private static final String FOUR_ATTEMPTS = "local[2,4]";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "task throws in training, 'training: epoch 1, round 1 .*', THROW_AT_THE_END",
    "task throws in training, 'training: epoch 1, round 3 .*', INTERRUPT",
    "task throws in explanation, explanation - .*, THROW_AT_THE_END",
    "task throws in explanation, explanation - .*, INTERRUPT",
  })
  void anotherAttemptMakesUpForIt(String fault, String stage, Kind kind) throws Exception {
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch = new Launch(directory).master(FOUR_ATTEMPTS).task(stage, kind);
    try (Job job = launch.start(Undisturbed.run().arguments(output))) {
      job.reached().succeeds();
    }
    Undisturbed.run().assertSame(fault, output);
  }

  /** The file lacks its end, and is left to lie. */
  @Test
  void halfAPartIsNoPart() throws Exception {
    String fault = "task throws while it writes a part";
    FaultTable.tried(fault);
    Path output = directory.resolve("out");
    Launch launch =
        new Launch(directory)
            .master(FOUR_ATTEMPTS)
            .at("close .*/attempts/part-00002-.*", Then.REFUSE);
    try (Job job = launch.start(Undisturbed.run().arguments(output))) {
      job.reached().succeeds();
    }
    Undisturbed.run().assertSame(fault, output);
  }
}
