package io.sparkcam.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies where settings should be is taken or refused, and names no file elsewhere. */
class SettingsFuzzTest {
  @TempDir static Path directory;

  @FuzzTest(maxDuration = "10s")
  void file(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("my.properties"), content);
    try {
      Settings settings = Settings.of(List.of(ConfigFile.read(file)));
      if (!directory.equals(directory.resolve(settings.runId()).normalize().getParent())) {
        throw new IllegalStateException("run id " + settings.runId());
      }
    } catch (IOException | IllegalArgumentException refused) {
      // what is expected of most
    }
  }
}
