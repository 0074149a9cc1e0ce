package io.sparkcam.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** Two checkpoints of 1.2 MB fit on the first disk, part of the table of 11 MB on the second. */
  @ParameterizedTest
  @CsvSource({
    "disk full while checkpointing, 3m, .*/\\.a\\.checkpoints/epoch-.*: cannot be written: .*",
    "disk full while writing the table, 10m, .*/part-0000.*: cannot be written: .*",
  })
  void runGoesOnWhenThereIsSpace(String fault, String size, String message) throws Exception {
    disk.resize(size);
    FaultTable.tried(fault);
    try (Job job = start()) {
      String line = job.fails();
      assertTrue(line.matches("sparkcam: " + message), line);
      assertTrue(line.endsWith("No space left on device"), line);
    }
    Undisturbed.assertNothing(disk.output());
    disk.resize("100m");
    try (Job job = start("--resume")) {
      job.succeeds();
      assertTrue(job.err().contains("resume: "), job.err());
    }
    Undisturbed.run().assertSame(fault, disk.output());
  }

  @Test
  void readOnlyFileSystemIsRefused() throws Exception {
    disk.readOnly();
    String fault = "output read-only";
    FaultTable.tried(fault);
    try (Job job = start()) {
      String line = job.fails();
      assertTrue(line.startsWith("sparkcam: " + disk.output() + ": cannot be written: "), line);
      assertTrue(line.endsWith("Read-only file system"), line);
    }
    disk.writable();
    try (Job job = start()) {
      job.succeeds();
    }
    Undisturbed.run().assertSame(fault, disk.output());
  }
}
