package io.sparkcam.job;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.run.RunCheckpoints;
import java.io.IOException;
import java.util.Optional;

/**
 * How a run was begun, noted beside its checkpoints: what resumes it must do as it did, on a
 * cluster of any size.
 *
 * @param command that began it
 * @param workers logical shards, given or not
 */
record RunStart(String command, int workers) {
  private static final String FILE = "begun.json";
  private static final JsonMapper JSON = new JsonMapper();

  void note(RunCheckpoints checkpoints) throws IOException {
    checkpoints.write(FILE, JSON.writeValueAsBytes(this));
  }

  static Optional<RunStart> read(RunCheckpoints checkpoints) throws IOException {
    Optional<byte[]> bytes = checkpoints.read(FILE);
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(JSON.readValue(bytes.get(), RunStart.class));
  }
}
