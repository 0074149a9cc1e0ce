package io.sparkcam.faults;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was built answers without Spark: its class path is not that of other tests. */
@Tag("faults")
class InstallationTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "run --help", "clean --dry-run"})
  void answersWithoutSpark(String command) throws Exception {
    try (Job job = new Launch(directory).start(List.of(command.split(" ")))) {
      job.succeeds();
    }
  }
}
