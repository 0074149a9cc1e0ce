package io.sparkcam.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A directory through which a test and the processes that it disturbs tell each other where they
 * are. One of them reaches the fault, whichever comes first; it is held there until it is killed or
 * released.
 */
final class Gate {
  private static final String CLAIMED = "claimed";
  private static final String REACHED = "reached";
  private static final String RELEASED = "released";
  private static final int POLL_MILLIS = 10;

  private final Path directory;

  /**
   * The gate at a fault.
   *
   * @param parent what the processes have in common
   * @param fault its number
   */
  Gate(Path parent, int fault) {
    this.directory = parent.resolve("fault-" + fault);
  }

  /** Whether the caller is the first to come here; its process is then known to the test. */
  boolean reach() {
    try {
      Files.createDirectories(directory);
      Files.createFile(directory.resolve(CLAIMED));
      Path written = directory.resolve(REACHED + ".tmp");
      Files.writeString(written, String.valueOf(ProcessHandle.current().pid()));
      Files.move(written, directory.resolve(REACHED), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the test says otherwise. */
  void hold() throws InterruptedException {
    while (!Files.exists(directory.resolve(RELEASED))) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  boolean reached() {
    return Files.exists(directory.resolve(REACHED));
  }

  /** The process that was the first to come here. */
  ProcessHandle process() throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(directory.resolve(REACHED))))
        .orElseThrow();
  }

  /** Lets it go on. */
  void release() throws IOException {
    Files.createFile(directory.resolve(RELEASED));
  }
}
