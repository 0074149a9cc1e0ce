package io.sparkcam.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads any part of a {@link Spool}. Open one for each task: an interrupted thread closes the file
 * of its reader.
 */
public final class SpoolReader implements Closeable {
  /** Records are fetched in pieces of about this many bytes, at least one record. */
  private static final int CHUNK = 1 << 18;

  /** Most bytes of the file that are mapped in one piece. */
  private static final int WINDOW = 1 << 30;

  private final Path file;
  private final FileChannel channel;
  private final long count;
  private final ImageShape shape;
  private final int classes;

  private SpoolReader(Path file, FileChannel channel, long count, ImageShape shape, int classes) {
    this.file = file;
    this.channel = channel;
    this.count = count;
    this.shape = shape;
    this.classes = classes;
  }

  /** Opens a spool and checks its header and length. */
  public static SpoolReader open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      ByteBuffer header = ByteBuffer.allocate(Spool.HEADER_SIZE);
      fill(file, channel, header, 0);
      long magic = header.getLong();
      if (magic != Spool.MAGIC) {
        throw new IOException(
            "%s: magic 0x%016x at byte 0, expected 0x%016x".formatted(file, magic, Spool.MAGIC));
      }
      long count = header.getLong();
      ImageShape shape = shape(file, header.getInt(), header.getInt(), header.getInt());
      int classes = header.getInt();
      if (count < 1 || count > Integer.MAX_VALUE || classes < 1) {
        throw new IOException(
            file + ": " + count + " images of " + classes + " classes, expected at least 1");
      }
      long length = Spool.HEADER_SIZE + count * Spool.recordSize(shape);
      if (channel.size() != length) {
        throw new IOException(
            "%s: %d bytes, expected %d for %d images"
                .formatted(file, channel.size(), length, count));
      }
      return new SpoolReader(file, channel, count, shape, classes);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static ImageShape shape(Path file, int height, int width, int channels)
      throws IOException {
    try {
      return new ImageShape(height, width, channels);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  public long count() {
    return count;
  }

  public ImageShape shape() {
    return shape;
  }

  /** Labels are 0 to classes - 1, or {@link ImageBlock#UNKNOWN}. */
  public int classes() {
    return classes;
  }

  /** Reads the images {@code first} to {@code first + count - 1}; their ids are those positions. */
  public ImageBlock read(long first, int count) throws IOException {
    if (first < 0 || count < 1 || count > this.count - first) {
      throw new IllegalArgumentException(
          count + " images from " + first + ", expected at least 1 of 0 to " + (this.count - 1));
    }
    int size = shape.size();
    int recordSize = Spool.recordSize(shape);
    long[] ids = new long[count];
    int[] labels = new int[count];
    byte[] pixels = new byte[Math.multiplyExact(count, size)];
    int records = Math.min(count, Math.max(1, CHUNK / recordSize));
    ByteBuffer chunk = ByteBuffer.allocate(records * recordSize);
    for (int i = 0; i < count; i++) {
      if (i % records == 0) {
        chunk.clear().limit(Math.min(records, count - i) * recordSize);
        fill(file, channel, chunk, Spool.HEADER_SIZE + (first + i) * recordSize);
      }
      ids[i] = first + i;
      labels[i] = label(chunk, ids[i]);
      chunk.get(pixels, i * size, size);
    }
    return new ImageBlock(shape, ids, labels, pixels);
  }

  /**
   * Reads the images of these ids, in this order. The file is mapped, which for scattered images
   * takes a fifth of the time that as many calls of read take.
   */
  public ImageBlock read(long[] ids) throws IOException {
    return read(ids, Math.max(1, WINDOW / Spool.recordSize(shape)));
  }

  /** The same, mapping {@code recordsAWindow} images at a time. */
  ImageBlock read(long[] ids, int recordsAWindow) throws IOException {
    int size = shape.size();
    int recordSize = Spool.recordSize(shape);
    ByteBuffer[] windows = new ByteBuffer[(int) (count / recordsAWindow) + 1];
    int[] labels = new int[ids.length];
    byte[] pixels = new byte[Math.multiplyExact(ids.length, size)];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= count) {
        throw new IllegalArgumentException("image " + ids[i] + ", expected 0 to " + (count - 1));
      }
      int window = (int) (ids[i] / recordsAWindow);
      long first = (long) window * recordsAWindow;
      if (windows[window] == null) {
        windows[window] =
            channel.map(
                FileChannel.MapMode.READ_ONLY,
                Spool.HEADER_SIZE + first * recordSize,
                Math.min(recordsAWindow, count - first) * recordSize);
      }
      windows[window].position((int) (ids[i] - first) * recordSize);
      labels[i] = label(windows[window], ids[i]);
      windows[window].get(pixels, i * size, size);
    }
    return new ImageBlock(shape, ids, labels, pixels);
  }

  private int label(ByteBuffer record, long id) throws IOException {
    int label = record.getInt();
    if (label < ImageBlock.UNKNOWN || label >= classes) {
      throw new IOException(
          "%s: label %d of image %d, expected -1 to %d".formatted(file, label, id, classes - 1));
    }
    return label;
  }

  private static void fill(Path file, FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, position + buffer.position());
      if (count < 0) {
        throw new IOException(
            "%s: ends at byte %d, expected %d"
                .formatted(file, position + buffer.position(), position + buffer.limit()));
      }
    }
    buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
