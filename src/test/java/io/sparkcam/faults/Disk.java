package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;

/** A file system of a few megabytes, in memory. Only root can mount it. */
final class Disk implements AutoCloseable {
  private final Path directory;

  private Disk(Path directory) {
    this.directory = directory;
  }

  /** Mounts one. What is left out where that is not allowed, somebody has to say. */
  static Disk mount(Path directory) throws IOException {
    int code = execute("mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", directory.toString());
    if (code != 0 && !Boolean.parseBoolean(System.getProperty("faults.mount", "true"))) {
      FaultTable.leftOut("(disks left out: nothing could be mounted)");
      abort("nothing can be mounted here");
    }
    assertEquals(0, code, "mounting takes root: -Dfaults.mount=false leaves full disks out");
    return new Disk(directory);
  }

  /** Where runs go. */
  Path output() {
    return directory;
  }

  void resize(String size) throws IOException {
    remount("size=" + size);
  }

  void readOnly() throws IOException {
    remount("ro");
  }

  void writable() throws IOException {
    remount("rw");
  }

  private void remount(String option) throws IOException {
    assertEquals(0, execute("mount", "-o", "remount," + option, directory.toString()));
  }

  @Override
  public void close() throws IOException {
    assertEquals(0, execute("umount", directory.toString()));
  }

  private static int execute(String... command) throws IOException {
    return new ProcessBuilder(command).inheritIO().start().onExit().join().exitValue();
  }
}
