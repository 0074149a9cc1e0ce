package io.sparkcam.run;

import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local directory {@code sparkcam-PID} for what one process unpacks and spills. It is removed
 * when the process ends; that of a killed one says whose it was, so that it can be removed later.
 */
public final class ScratchDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);
  private static final String PREFIX = "sparkcam-";
  private static final String OWNER = ".owner";

  /** How long a process may take to say that a directory is its own. */
  private static final Duration CLAIMED_WITHIN = Duration.ofMinutes(1);

  private ScratchDirectory() {}

  private static FileSystem files() throws IOException {
    // None of the cache: what comes later may configure its own.
    return FileSystem.newInstanceLocal(new Configuration(false)).getRawFileSystem();
  }

  private static boolean named(Path directory) {
    return directory.getFileName().toString().matches(PREFIX + "[0-9]+");
  }

  /** Makes the temporary directory of this process its own, where it is named as one. */
  public static void claimTemporary() throws IOException {
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    if (named(directory)) {
      claim(directory);
    }
  }

  /** Makes one. */
  public static Path below(String parent) throws IOException {
    Path directory = Path.of(parent, PREFIX + ProcessHandle.current().pid()).toAbsolutePath();
    claim(directory);
    return directory;
  }

  private static void claim(Path directory) throws IOException {
    Files.createDirectories(directory);
    Storage.requireOwn(directory);
    RunLock owner = RunLock.take(directory.toString(), files(), owner(directory));
    // After Spark, which has removed most of it by then.
    ShutdownHookManager.get().addShutdownHook(() -> end(owner, directory), 0);
  }

  private static void end(RunLock owner, Path directory) {
    try (owner) {
      remove(directory);
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  private static org.apache.hadoop.fs.Path owner(Path directory) {
    return new org.apache.hadoop.fs.Path(directory.resolve(OWNER).toUri());
  }

  /** Those of this user in a directory whose processes have ended. */
  public static List<Path> dead(Path parent) throws IOException {
    List<Path> dead = new ArrayList<>();
    if (Files.isDirectory(parent)) {
      try (var all = Files.list(parent)) {
        for (Path each : all.filter(ScratchDirectory::named).sorted().toList()) {
          if (own(each) && ended(each)) {
            dead.add(each);
          }
        }
      }
    }
    return dead;
  }

  private static boolean own(Path directory) {
    try {
      Storage.requireOwn(directory);
      return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean ended(Path directory) throws IOException {
    if (Files.exists(directory.resolve(OWNER))) {
      return RunLock.holder(files(), owner(directory)).isEmpty();
    }
    Instant made = Files.getLastModifiedTime(directory).toInstant();
    return made.plus(CLAIMED_WITHIN).isBefore(Instant.now());
  }

  /** Removes one; links in it are not followed. */
  public static void remove(Path directory) throws IOException {
    if (!FileUtil.fullyDelete(directory.toFile())) {
      throw new IOException(directory + ": cannot be removed");
    }
  }
}
