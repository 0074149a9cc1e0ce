package io.sparkcam.faults;

import io.sparkcam.faults.GatedFiles.Then;
import io.sparkcam.faults.TaskFaults.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that fail at their first attempt, where a second one is made. */
@Tag("faults")
class FailedTaskTest {
  private static final String FOUR_ATTEMPTS = "local[2,4]";

  @TempDir Path directory;

  /** All in one run; of the part there is a file that lacks its end and is left to lie. */
  @Test
  void anotherAttemptMakesUpForIt() throws Exception {
    String training = "task throws in training";
    String explanation = "task throws in explanation";
    List<String> faults =
        List.of(training, training, explanation, explanation, "task throws while it writes a part");
    faults.forEach(FaultTable::tried);
    Path output = directory.resolve("out");
    Launch launch =
        new Launch(directory)
            .master(FOUR_ATTEMPTS)
            .task("training: epoch 1, round 1 .*", Kind.THROW_AT_THE_END)
            .task("training: epoch 1, round 3 .*", Kind.INTERRUPT)
            .task("explanation - .*", 0, Kind.THROW_AT_THE_END)
            .task("explanation - .*", 1, Kind.INTERRUPT)
            .at("close .*/attempts/part-00002-.*", Then.REFUSE);
    try (Job job = launch.start(Undisturbed.run().arguments(output))) {
      for (int fault = 0; fault < faults.size(); fault++) {
        job.reached(fault);
      }
      job.succeeds();
    }
    Undisturbed.run().assertSame(faults, output);
  }
}
