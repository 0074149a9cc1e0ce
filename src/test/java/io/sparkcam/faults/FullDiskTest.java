package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs on a file system of their own, which is full or cannot be written. */
@Tag("faults")
class FullDiskTest {
  @TempDir Path directory;
  private Disk disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Disk.mount(Files.createDirectory(directory.resolve("disk")));
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  private Job start(String... more) throws Exception {
    return new Launch(directory).start(Undisturbed.run().arguments(disk.output(), more));
  }

  /**
   * A disk that cannot be written, then one with space for two checkpoints of 1.2 MB, then one for
   * part of the table of 11 MB.
   */
  @Test
  void runGoesOnWhenThereIsSpace() throws Exception {
    String readOnly = "output read-only";
    FaultTable.tried(readOnly);
    disk.readOnly();
    try (Job job = start()) {
      String line = job.fails();
      assertTrue(line.startsWith("sparkcam: " + disk.output() + ": cannot be written: "), line);
      assertTrue(line.endsWith("Read-only file system"), line);
    }
    disk.writable();
    String checkpoint = "disk full while checkpointing";
    isFull("3m", checkpoint, ".*/\\.a\\.checkpoints/epoch-.*");
    String table = "disk full while writing the table";
    isFull("10m", table, ".*/part-0000.*", "--resume");
    disk.resize("100m");
    try (Job job = start("--resume")) {
      job.succeeds();
      assertTrue(job.err().contains("resume: 2 epochs"), job.err());
    }
    Undisturbed.run().assertSame(List.of(readOnly, checkpoint, table), disk.output());
  }

  private void isFull(String size, String fault, String file, String... more) throws Exception {
    disk.resize(size);
    FaultTable.tried(fault);
    try (Job job = start(more)) {
      String line = job.fails();
      assertTrue(
          line.matches("sparkcam: " + file + ": cannot be written: .*No space left on device"),
          line);
    }
    Undisturbed.assertNothing(disk.output());
  }
}
