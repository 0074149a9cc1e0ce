package io.sparkcam.run;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One process's right to make the run of one name: a small hidden file beside the run, which says
 * who has it. A process that ended without giving it up is found out on its own host; elsewhere
 * nobody can tell whether it still works, so somebody has to look.
 */
final class RunLock implements Closeable {
  private static final JsonMapper JSON = new JsonMapper();

  /** Two readings of one process's start differ by the clock's corrections in between. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(10);

  /** How long an owner may take to write its name into the file that it created. */
  private static final Duration NAMED_WITHIN = Duration.ofMinutes(1);

  private final FileSystem files;
  private final Path file;

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
      throw new IOException(place + ": being made by another process, which has just begun");
    }
    RunLock claim = new RunLock(files, file);
    try (OutputStream out = new NamedOutput(files.create(file, true), file)) {
      out.write(JSON.writeValueAsBytes(Owner.current()));
    } catch (IOException e) {
      claim.close();
      throw e;
    }
    return claim;
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
      throw inUse(place, owner.get(), file);
    }
    Path grave = file.suffix("-dead-" + UUID.randomUUID());
    if (files.rename(file, grave)) {
      Optional<Owner> buried = read(place, files, grave);
      if (!buried.equals(owner)) {
        // Another process has buried the dead one and taken its place in the meantime.
        files.rename(grave, file);
        throw inUse(place, buried.orElseThrow(), file);
      }
      files.delete(grave, false);
    }
  }

  private static IOException inUse(String place, Owner owner, Path file) {
    return new IOException(
        "%s: being made by process %d on %s since %s; if that is no more, delete %s"
            .formatted(place, owner.pid(), owner.host(), owner.started(), Storage.name(file)));
  }

  private static Optional<Owner> read(String place, FileSystem files, Path file)
      throws IOException {
    try {
      return read(files, file);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s: being made, but %s does not say by whom; if nobody does, delete it"
              .formatted(place, Storage.name(file)),
          e);
    }
  }

  private static Optional<Owner> read(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      byte[] bytes = in.readAllBytes();
      return Optional.of(
          bytes.length == 0 && old(files, file)
              ? Owner.NOBODY
              : JSON.readValue(bytes, Owner.class));
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
          .map(owner -> "process %d on %s".formatted(owner.pid(), owner.host()));
    } catch (JsonProcessingException e) {
      return Optional.of("somebody that " + file.getName() + " does not name");
    }
  }

  /** Gives it up. */
  @Override
  public void close() throws IOException {
    files.delete(file, false);
  }

  /**
   * A process.
   *
   * @param started when, as {@link Instant} spells it
   */
  record Owner(String host, long pid, String started) {
    /** It did not live to say who it is. */
    static final Owner NOBODY = new Owner("", 0, "");

    static Owner current() {
      ProcessHandle process = ProcessHandle.current();
      return new Owner(
          localHost(),
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

    /** Whether it is known to have ended: a process of this host, by its number and its start. */
    boolean dead() {
      if (equals(NOBODY)) {
        return true;
      }
      Owner current = current();
      if (!host.equals(current.host())) {
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
