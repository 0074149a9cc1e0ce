package io.sparkcam.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sparkcam.storage.NamedOutput;
import io.sparkcam.storage.Storage;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's right to make the run of one name: a small hidden file beside the run, which says
 * who has it. A process that ended without giving it up is found out on its own host; elsewhere
 * nobody can tell whether it still works, so somebody has to look: the file's time is that of its
 * last sign of life, twice a minute.
 */
final class RunLock implements Closeable {
  private static final JsonMapper JSON = new JsonMapper();

  /** Two readings of one process's start differ by the clock's corrections in between. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(10);

  /** How long an owner may take to write its name into the file that it created. */
  private static final Duration NAMED_WITHIN = Duration.ofMinutes(1);

  /** How often an owner says that it lives. */
  private static final Duration BEAT = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private final FileSystem files;
  private final Path file;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "run-lock");
            thread.setDaemon(true);
            return thread;
          });

  private RunLock(FileSystem files, Path file) {
    this.files = files;
    this.file = file;
  }

  /**
   * Takes what {@code file} stands for.
   *
   * @param place what is claimed, for messages
   * @throws IOException naming the owner, if another process has it
   */
  static RunLock take(String place, FileSystem files, Path file) throws IOException {
    boolean taken = Storage.createExclusively(files, file);
    if (!taken) {
      bury(place, files, file);
      taken = Storage.createExclusively(files, file);
    }
    if (!taken) {
      throw new NameTakenException(place + ": another process has just started to make this run");
    }
    RunLock claim = new RunLock(files, file);
    try (OutputStream out = new NamedOutput(files.create(file, true), file)) {
      out.write(JSON.writeValueAsBytes(Owner.current()));
    } catch (IOException e) {
      claim.close();
      throw e;
    }
    claim.beat();
    return claim;
  }

  /** Shows, where the file system has times that can be set, that this process lives. */
  private void beat() {
    var unused =
        heart.scheduleWithFixedDelay(
            () -> {
              try {
                files.setTimes(file, System.currentTimeMillis(), -1);
              } catch (IOException | RuntimeException e) {
                LOG.debug("{}: {}", file, e.getMessage());
              }
            },
            BEAT.toSeconds(),
            BEAT.toSeconds(),
            TimeUnit.SECONDS);
  }

  /**
   * Makes way if the owner is dead or has just given up: of several processes that find a dead
   * owner at once, one moves its file away.
   */
  private static void bury(String place, FileSystem files, Path file) throws IOException {
    Optional<Owner> owner = read(place, files, file);
    if (owner.isEmpty()) {
      return;
    }
    if (!owner.get().dead()) {
      throw inUse(place, owner.get(), files, file);
    }
    Path grave = file.suffix("-dead-" + UUID.randomUUID());
    if (files.rename(file, grave)) {
      Optional<Owner> buried = read(place, files, grave);
      if (!buried.equals(owner)) {
        // Another process has buried the dead one and taken its place in the meantime.
        files.rename(grave, file);
        throw inUse(place, buried.orElseThrow(), files, file);
      }
      files.delete(grave, false);
    }
  }

  private static IOException inUse(String place, Owner owner, FileSystem files, Path file)
      throws IOException {
    Instant seen = Instant.ofEpochMilli(files.getFileStatus(file).getModificationTime());
    return new NameTakenException(
        "%s: process %s on %s has been making this run since %s, seen last at %s; if that process no longer exists, delete %s"
            .formatted(
                place,
                owner.pid(),
                owner.host(),
                owner.started(),
                seen.truncatedTo(ChronoUnit.SECONDS),
                Storage.name(file)));
  }

  private static Optional<Owner> read(String place, FileSystem files, Path file)
      throws IOException {
    try {
      return read(files, file);
    } catch (JsonProcessingException e) {
      if (files.getFileStatus(file).getLen() == 0) {
        throw new IOException(place + ": another process has just begun this run", e);
      }
      throw new IOException(
          "%s: the run is locked, but %s does not name the process; if nobody is making this run, delete that file"
              .formatted(place, Storage.name(file)),
          e);
    }
  }

  private static Optional<Owner> read(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length == 0 && old(files, file)) {
        return Optional.of(Owner.NOBODY);
      }
      Owner owner = JSON.readValue(bytes, Owner.class);
      if (owner == null || owner.host == null || owner.machine == null || owner.started == null) {
        throw new JsonMappingException(null, "names no process");
      }
      return Optional.of(owner);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * A file is empty for a moment before its owner is written. When it stays so, the owner died in
   * between, or the machine did before the bytes were on its disk.
   */
  private static boolean old(FileSystem files, Path file) throws IOException {
    Instant modified = Instant.ofEpochMilli(files.getFileStatus(file).getModificationTime());
    return Duration.between(modified, Instant.now()).compareTo(NAMED_WITHIN) > 0;
  }

  /** Who has it, and may still be at work: for messages. Empty when nobody does. */
  static Optional<String> holder(FileSystem files, Path file) throws IOException {
    try {
      return read(files, file)
          .filter(owner -> !owner.dead())
          .map(owner -> "process %s on %s".formatted(owner.pid(), owner.host()));
    } catch (JsonProcessingException e) {
      return Optional.of("somebody that " + file.getName() + " does not name");
    }
  }

  /** Gives it up. */
  @Override
  public void close() throws IOException {
    heart.shutdownNow();
    files.delete(file, false);
  }

  /**
   * A process.
   *
   * @param machine the boot of the machine and the namespace that the process number belongs to
   * @param started when, as {@link Instant} spells it
   */
  record Owner(String host, String machine, long pid, String started) {
    /** It did not live to say who it is. */
    static final Owner NOBODY = new Owner("", "", 0, "");

    private static final java.nio.file.Path BOOT =
        java.nio.file.Path.of("/proc/sys/kernel/random/boot_id");
    private static final java.nio.file.Path PROCESSES = java.nio.file.Path.of("/proc/self/ns/pid");

    static Owner current() {
      ProcessHandle process = ProcessHandle.current();
      return new Owner(
          localHost(),
          thisMachine(),
          process.pid(),
          process.info().startInstant().orElse(Instant.EPOCH).toString());
    }

    private static String localHost() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "unknown host";
      }
    }

    private static String thisMachine() {
      try {
        return Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(PROCESSES);
      } catch (IOException e) {
        return "";
      }
    }

    /**
     * Whether it is known to have ended: a process of this boot and this namespace, by its number
     * and its start. Of any other process nothing can be told, so that it counts as alive.
     */
    boolean dead() {
      if (equals(NOBODY)) {
        return true;
      }
      Owner current = current();
      if (!host.equals(current.host) || !machine.equals(current.machine)) {
        return false;
      }
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(start -> !near(start))
          .orElse(true);
    }

    private boolean near(Instant start) {
      try {
        return Duration.between(Instant.parse(started), start).abs().compareTo(START_TOLERANCE)
            <= 0;
      } catch (DateTimeException e) {
        return true;
      }
    }
  }
}
