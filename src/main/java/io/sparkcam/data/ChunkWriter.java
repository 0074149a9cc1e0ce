package io.sparkcam.data;

import io.sparkcam.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes consecutive records as chunk files: a new one is begun when one holds about 64 MB. Memory
 * is one block.
 *
 * <pre>
 * try (ChunkWriter out = ChunkWriter.create(directory, "train-00003-17", shape, classes, hadoop)) {
 *   out.write(label, pixels);
 *   return out.finish();
 * }
 * </pre>
 */
public final class ChunkWriter implements Closeable {
  private final FileSystem files;
  private final Path directory;
  private final String attempt;
  private final ImageShape shape;
  private final int classes;
  private final ByteBuffer block;
  private final long[] labelCounts;
  private final ArrayList<Chunk> finished = new ArrayList<>();

  /** The chunk that is being written; null between two. */
  private OutputStream out;

  private Path file;
  private long inChunk;
  private long count;
  private boolean closed;

  /**
   * What was written, as a task reports it to the driver. A plain class, because Kryo does not read
   * records.
   */
  public static final class Written implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<Chunk> chunks;
    private final long count;
    private final long bytes;
    private final long[] labelCounts;

    private Written(List<Chunk> chunks, long count, long bytes, long[] labelCounts) {
      this.chunks = new ArrayList<>(chunks);
      this.count = count;
      this.bytes = bytes;
      this.labelCounts = labelCounts;
    }

    /** In the order of their records; empty without records. */
    public List<Chunk> chunks() {
      return chunks;
    }

    /** Number of records. */
    public long count() {
      return count;
    }

    /** Length of all files. */
    public long bytes() {
      return bytes;
    }

    /** Records of each class, by label. Records without label are in {@link #count} alone. */
    public long[] labelCounts() {
      return labelCounts.clone();
    }
  }

  private ChunkWriter(
      FileSystem files, Path directory, String attempt, ImageShape shape, int classes) {
    this.files = files;
    this.directory = directory;
    this.attempt = attempt;
    this.shape = shape;
    this.classes = classes;
    this.block =
        ByteBuffer.allocate(ChunkLayout.recordsABlock(shape) * ChunkLayout.recordSize(shape));
    this.labelCounts = new long[classes];
  }

  /**
   * A writer whose files are {@code ATTEMPT-0.chunk}, {@code ATTEMPT-1.chunk} and so on.
   *
   * @param directory exists: a late attempt does not bring back what was removed
   * @param attempt a name that no other task attempt uses
   * @param classes labels are 0 to classes - 1
   * @param hadoop as Spark configures it
   */
  public static ChunkWriter create(
      Path directory, String attempt, ImageShape shape, int classes, Configuration hadoop)
      throws IOException {
    if (classes < 1) {
      throw new IllegalArgumentException(classes + " classes, expected at least 1");
    }
    FileSystem files = Storage.of(directory, hadoop);
    return new ChunkWriter(files, files.makeQualified(directory), attempt, shape, classes);
  }

  /**
   * Writes the next record.
   *
   * @param label its class, or {@link ImageBlock#UNKNOWN}
   * @param pixels (channel, row, column), unsigned bytes
   */
  public void write(int label, byte[] pixels) throws IOException {
    if (label < ImageBlock.UNKNOWN || label >= classes) {
      throw new IllegalArgumentException(
          "label %s, expected %s to %s".formatted(label, ImageBlock.UNKNOWN, classes - 1));
    }
    if (pixels.length != shape.size()) {
      throw new IllegalArgumentException(
          pixels.length + " bytes of pixels, expected " + shape.size());
    }
    if (out == null) {
      begin();
    }
    block.putInt(label).put(pixels);
    inChunk++;
    count++;
    if (label != ImageBlock.UNKNOWN) {
      labelCounts[label]++;
    }
    if (!block.hasRemaining()) {
      writeBlock();
      if (inChunk == ChunkLayout.recordsAChunk(shape)) {
        end();
      }
    }
  }

  /** Records written so far. */
  public long count() {
    return count;
  }

  /** Ends the last file. */
  public Written finish() throws IOException {
    if (out != null) {
      if (block.position() > 0) {
        writeBlock();
      }
      end();
    }
    closed = true;
    long bytes = 0;
    for (Chunk chunk : finished) {
      bytes += ChunkLayout.length(shape, chunk.count());
    }
    return new Written(finished, count, bytes, labelCounts.clone());
  }

  private void begin() throws IOException {
    file = new Path(directory, attempt + "-" + finished.size() + ".chunk");
    out = Storage.create(files, file);
    out.write(ChunkLayout.header(shape, classes));
    inChunk = 0;
  }

  private void writeBlock() throws IOException {
    out.write(block.array(), 0, block.position());
    int checksum = ChunkLayout.checksum(block.array(), block.position());
    out.write(ByteBuffer.allocate(Integer.BYTES).putInt(checksum).array());
    block.clear();
  }

  private void end() throws IOException {
    OutputStream ended = out;
    try (ended) {
      ended.write(ChunkLayout.footer(inChunk));
    }
    out = null;
    finished.add(Chunk.ofFile(file.toString(), inChunk));
  }

  /** Removes what was written, unless it was finished. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (out != null) {
        out.close();
        files.delete(file, false);
      }
    } finally {
      for (Chunk chunk : finished) {
        files.delete(new Path(chunk.file()), false);
      }
    }
  }
}
