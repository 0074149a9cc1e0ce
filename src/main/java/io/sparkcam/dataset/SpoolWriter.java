package io.sparkcam.dataset;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes the file of a {@link Spool}, image by image. Until {@link #finish} it says that it holds
 * none.
 */
public final class SpoolWriter implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final int COUNT_PLACE = Long.BYTES;

  private final Path file;
  private final DataOutputStream out;
  private long count;

  private SpoolWriter(Path file, DataOutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Begins a file, in place of any that is there.
   *
   * @param classes labels are 0 to classes - 1
   */
  public static SpoolWriter create(Path file, ImageShape shape, int classes) throws IOException {
    SpoolWriter writer =
        new SpoolWriter(
            file,
            new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER)));
    try {
      writer.out.writeLong(Spool.MAGIC);
      writer.out.writeLong(0);
      writer.out.writeInt(shape.height());
      writer.out.writeInt(shape.width());
      writer.out.writeInt(shape.channels());
      writer.out.writeInt(classes);
      return writer;
    } catch (IOException e) {
      writer.close();
      throw e;
    }
  }

  /**
   * Begins the next image, whose pixels follow.
   *
   * @param label its class, or {@link ImageBlock#UNKNOWN}
   */
  public void image(int label) throws IOException {
    out.writeInt(label);
    count++;
  }

  /** The next pixels of the image: (channel, row, column), in any number of pieces. */
  public void pixels(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
  }

  /** Images begun so far. */
  public long count() {
    return count;
  }

  /** Ends and closes the file, which from now on says how many images it holds. */
  public void finish() throws IOException {
    out.close();
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).putLong(count).flip();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(bytes, COUNT_PLACE);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
