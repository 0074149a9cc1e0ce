package io.sparkcam.job;

import io.sparkcam.run.RunCheckpoints;
import io.sparkcam.training.CheckpointFile;
import io.sparkcam.training.CheckpointKeeper;
import io.sparkcam.training.TrainingCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the checkpoints of a run's training beside the run, and finds the last. */
final class TrainingCheckpoints implements CheckpointKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoints.class);

  private final RunCheckpoints files;
  private final Fingerprint origin;
  private final OptionalInt every;

  /**
   * @param every so many rounds one is kept; empty: after each epoch only
   */
  TrainingCheckpoints(RunCheckpoints files, Fingerprint origin, OptionalInt every) {
    this.files = files;
    this.origin = origin;
    this.every = every;
  }

  @Override
  public boolean wants(int round) {
    return every.isPresent() && round % every.getAsInt() == 0;
  }

  @Override
  public void keep(TrainingCheckpoint checkpoint) {
    String name =
        String.format(
            Locale.ROOT,
            "epoch-%05d-round-%07d",
            checkpoint.epoch(),
            checkpoint.partial().rounds());
    try {
      files.keep(name, new CheckpointFile(origin.entries(), checkpoint).bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where to go on; empty where there is none, which is said.
   *
   * @throws IOException if the last one was made of other data or with other settings
   */
  Optional<TrainingCheckpoint> last() throws IOException {
    Optional<CheckpointFile> last = files.newest(this::read, LOG::warn);
    if (last.isEmpty()) {
      LOG.info("resume: no checkpoint in {}, training starts from the beginning", files.name());
      return Optional.empty();
    }
    origin.requireOf(last.get().origin());
    TrainingCheckpoint checkpoint = last.get().checkpoint();
    LOG.info(
        "resume: {} epochs and {} rounds of the next one are done",
        checkpoint.history().size(),
        checkpoint.partial().rounds());
    return Optional.of(checkpoint);
  }

  private CheckpointFile read(byte[] bytes, String name) throws IOException {
    return CheckpointFile.read(bytes, name);
  }
}
