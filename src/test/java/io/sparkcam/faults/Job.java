package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process of the job, until it ends or is killed. */
final class Job implements AutoCloseable {
  private static final long SECONDS = 300;
  private static final int POLL_MILLIS = 10;

  private final Path directory;
  private final Process process;

  Job(Path directory, ProcessBuilder builder) throws IOException {
    this.directory = directory;
    builder.redirectOutput(directory.resolve("out.txt").toFile());
    builder.redirectError(directory.resolve("err.txt").toFile());
    process = builder.start();
    process.getOutputStream().close();
  }

  /** Of the first fault. */
  Gate gate() {
    return gate(0);
  }

  /** Of a fault by its number: they are counted as the launch named them. */
  Gate gate(int fault) {
    return new Gate(directory, fault);
  }

  /** Waits until the first fault is reached. */
  Job reached() throws Exception {
    return reached(0);
  }

  /** Waits until a fault is reached. */
  Job reached(int fault) throws Exception {
    await("fault " + fault, () -> gate(fault).reached());
    return this;
  }

  /** Waits for what must happen before the process ends. */
  void await(String what, BooleanSupplier happened) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!happened.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        fail(what + " was not reached:\n" + err());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** The executors that have started by now. */
  List<ProcessHandle> executors() {
    List<ProcessHandle> found = new ArrayList<>();
    try (var files = Files.newDirectoryStream(directory, TaskFaults.EXECUTOR + "*")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        ProcessHandle.of(Long.parseLong(name.substring(TaskFaults.EXECUTOR.length())))
            .ifPresent(found::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Kills a process as {@code kill -9} does, and waits until it is gone. */
  static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Stops a process, which then does nothing more and is not gone. */
  static void stop(ProcessHandle process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  void kill() {
    kill(process.toHandle());
  }

  /** Tells it to end. */
  void terminate() {
    process.destroy();
  }

  /** Waits for the end, which is to be a good one. */
  void succeeds() throws Exception {
    assertEquals(0, code(), this::err);
  }

  /**
   * Waits for the end, which is to be a bad one.
   *
   * @return the one line that says why
   */
  String fails() throws Exception {
    assertEquals(1, code(), this::err);
    // What is left besides the log.
    List<String> lines =
        err()
            .lines()
            .filter(
                line ->
                    !line.matches(
                        "NOTE: Picked up .*|WARNING: Using incubator modules: .*|[0-9:]{8} .*"))
            .toList();
    assertEquals(1, lines.size(), this::err);
    return lines.get(0);
  }

  int code() throws Exception {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      fail("has not ended:\n" + err());
    }
    return process.exitValue();
  }

  String out() {
    return text("out.txt");
  }

  String err() {
    return text("err.txt");
  }

  private String text(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** All that was done to files, in order. */
  List<String> operations() throws IOException {
    return Files.readAllLines(directory.resolve(GatedFiles.TRACE));
  }

  @Override
  public void close() {
    kill();
  }
}
