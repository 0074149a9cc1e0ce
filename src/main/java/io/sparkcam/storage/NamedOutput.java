package io.sparkcam.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Syncable;

/**
 * Says which file could not be written: {@code /x/y: cannot be written: No space left on device}.
 * Hadoop's local file system says only why, and throws an {@link Error}.
 */
public final class NamedOutput extends FilterOutputStream {
  private final String name;

  public NamedOutput(OutputStream out, Path file) {
    super(out);
    name = Storage.name(file);
  }

  @FunctionalInterface
  private interface Step {
    void take() throws IOException;
  }

  private void named(Step step) throws IOException {
    try {
      step.take();
    } catch (FSError e) {
      throw unwritable(e.getCause());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private IOException unwritable(Throwable why) {
    return new IOException(name + ": cannot be written: " + why.getMessage(), why);
  }

  @Override
  public void write(int b) throws IOException {
    named(() -> out.write(b));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    named(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    named(out::flush);
  }

  /** Has what was written outlive a crash of the machine. */
  void sync() throws IOException {
    flush();
    if (out instanceof Syncable file) {
      named(file::hsync);
    }
  }

  @Override
  public void close() throws IOException {
    named(out::close);
  }
}
