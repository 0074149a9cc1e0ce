package io.sparkcam.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class NamedOutputTest {
  /** Linux's full disk; Hadoop throws an error of its own where it hears of it. */
  private static final Path FULL = new Path("/dev/full");

  private static OutputStream full() throws IOException {
    FileSystem files = Storage.of(FULL, new Configuration());
    return new NamedOutput(files.create(FULL, true), new Path("/x/y"));
  }

  @Test
  void fullDiskIsNamedWhenItIsWrittenTo() throws IOException {
    OutputStream out = full();
    assertNamed(() -> out.write(new byte[1 << 20]));
  }

  @Test
  void fullDiskIsNamedWhenTheLastBytesGoOut() throws IOException {
    OutputStream flushed = full();
    flushed.write(1);
    assertNamed(flushed::flush);
    OutputStream closed = full();
    closed.write(1);
    assertNamed(closed::close);
  }

  private static void assertNamed(org.junit.jupiter.api.function.Executable step) {
    IOException failed = assertThrows(IOException.class, step);
    assertEquals("/x/y: cannot be written: No space left on device", failed.getMessage());
  }
}
