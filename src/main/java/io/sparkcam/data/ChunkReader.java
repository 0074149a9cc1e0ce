package io.sparkcam.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads images of an {@link ImageIndex} by id, a checked block at a time; blocks are kept in {@link
 * BlockCache#SHARED}. Open one for each task: it is used by one thread, and keeps one file open.
 */
public final class ChunkReader implements Closeable {
  private final ImageIndex index;
  private final Configuration hadoop;
  private final ImageShape shape;
  private final int recordsABlock;
  private int openChunk = -1;
  private Records open;
  private int lastChunk = -1;
  private long lastBlock = -1;
  private Block last;

  public ChunkReader(ImageIndex index, Configuration hadoop) {
    this.index = index;
    this.hadoop = hadoop;
    this.shape = index.shape();
    this.recordsABlock = ChunkLayout.recordsABlock(shape);
  }

  /** The files of one chunk. */
  private interface Records extends Closeable {
    /** Records of the chunk, consecutive ones. */
    Block read(long block, int count) throws IOException;
  }

  /** Reads the images {@code first} to {@code first + count - 1}. */
  public ImageBlock read(long first, int count) throws IOException {
    if (first < 0 || count < 1 || count > index.count() - first) {
      throw new IllegalArgumentException(
          count + " images from " + first + ", expected at least 1 of 0 to " + (index.count() - 1));
    }
    long[] ids = new long[count];
    Arrays.setAll(ids, i -> first + i);
    return read(ids);
  }

  /**
   * Reads the images of these ids, in this order. Each block that holds any of them is read once,
   * in the order of the files.
   */
  public ImageBlock read(long[] ids) throws IOException {
    int size = shape.size();
    int[] labels = new int[ids.length];
    byte[] pixels = new byte[Math.multiplyExact(ids.length, size)];
    for (int place : byId(ids)) {
      int chunk = index.chunkOf(ids[place]);
      long record = ids[place] - index.firstId(chunk);
      Block block = block(chunk, record / recordsABlock);
      int inBlock = (int) (record % recordsABlock);
      labels[place] = block.label(inBlock);
      block.pixels(inBlock, pixels, place * size, size);
    }
    return new ImageBlock(shape, ids, labels, pixels);
  }

  /** The places of the ids, smallest id first. */
  private static int[] byId(long[] ids) {
    int[] places = IntStream.range(0, ids.length).toArray();
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] < ids[i - 1]) {
        return IntStream.range(0, ids.length)
            .boxed()
            .sorted(Comparator.comparingLong(place -> ids[place]))
            .mapToInt(Integer::intValue)
            .toArray();
      }
    }
    return places;
  }

  private Block block(int chunk, long block) throws IOException {
    if (chunk != lastChunk || block != lastBlock) {
      long size = (long) recordsABlock * ChunkLayout.recordSize(shape);
      String key = index.token() + " chunk " + chunk + " block " + block;
      last = BlockCache.SHARED.get(key, size, () -> load(chunk, block));
      lastChunk = chunk;
      lastBlock = block;
    }
    return last;
  }

  private Block load(int chunk, long block) throws IOException {
    if (chunk != openChunk) {
      close();
      Chunk file = index.chunks().get(chunk);
      open = file.isIdx() ? new IdxRecords(file) : new FileRecords(file);
      openChunk = chunk;
    }
    long first = block * recordsABlock;
    long count = Math.min(recordsABlock, index.chunks().get(chunk).count() - first);
    return open.read(block, (int) count);
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
      openChunk = -1;
    }
  }

  private void requireLabels(Block block, String file, long firstRecord) throws IOException {
    for (int i = 0; i < block.count(); i++) {
      int label = block.label(i);
      if (label < ImageBlock.UNKNOWN || label >= index.classes()) {
        throw new IOException(
            "%s: label %s of image %s, expected 0 to %s"
                .formatted(file, label, firstRecord + i, index.classes() - 1));
      }
    }
  }

  /** A chunk file. */
  private final class FileRecords implements Records {
    private final DataFile file;

    FileRecords(Chunk chunk) throws IOException {
      file = DataFile.open(chunk.file(), hadoop);
      try {
        file.requireLength(ChunkLayout.length(shape, chunk.count()), chunk.count());
        requireHeader();
        requireFooter(chunk.count());
      } catch (IOException e) {
        file.close();
        throw e;
      }
    }

    private void requireHeader() throws IOException {
      byte[] expected = ChunkLayout.header(shape, index.classes());
      byte[] found = file.read(0, ChunkLayout.HEADER);
      requireChecksum("header", found, ChunkLayout.HEADER - ChunkLayout.CHECKSUM);
      if (!Arrays.equals(found, expected)) {
        throw new IOException(
            "%s: header %s, expected %s".formatted(file.name(), text(found), text(expected)));
      }
    }

    private String text(byte[] header) {
      ByteBuffer in = ByteBuffer.wrap(header);
      return "0x%016x version %s of %sx%sx%s, %s classes, %s records a block"
          .formatted(
              in.getLong(),
              in.getInt(),
              in.getInt(),
              in.getInt(),
              in.getInt(),
              in.getInt(),
              in.getInt());
    }

    private void requireFooter(long count) throws IOException {
      long place = ChunkLayout.length(shape, count) - ChunkLayout.FOOTER;
      byte[] footer = file.read(place, ChunkLayout.FOOTER);
      requireChecksum("footer", footer, Long.BYTES);
      long found = ByteBuffer.wrap(footer).getLong();
      if (found != count) {
        throw new IOException(
            "%s: footer says %s records, expected %s".formatted(file.name(), found, count));
      }
    }

    private void requireChecksum(String what, byte[] bytes, int length) throws IOException {
      int found = ByteBuffer.wrap(bytes).getInt(length);
      int expected = ChunkLayout.checksum(bytes, length);
      if (found != expected) {
        throw new IOException(
            "%s: %s has CRC32C 0x%08x, expected 0x%08x"
                .formatted(file.name(), what, expected, found));
      }
    }

    @Override
    public Block read(long block, int count) throws IOException {
      int size = ChunkLayout.recordSize(shape);
      int length = count * size;
      byte[] bytes = file.read(ChunkLayout.placeOf(shape, block), length + ChunkLayout.CHECKSUM);
      requireChecksum("block " + block, bytes, length);
      Block read = Block.ofRecords(bytes, count, size);
      requireLabels(read, file.name(), block * recordsABlock);
      return read;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** A range of a pair of IDX files, whose headers were checked when the range was made. */
  private final class IdxRecords implements Records {
    private final long first;
    private final DataFile images;
    private final DataFile labels;

    IdxRecords(Chunk chunk) throws IOException {
      first = chunk.first();
      images = DataFile.open(chunk.file(), hadoop);
      try {
        labels = DataFile.open(chunk.labels(), hadoop);
      } catch (IOException e) {
        images.close();
        throw e;
      }
    }

    @Override
    public Block read(long block, int count) throws IOException {
      long record = first + block * recordsABlock;
      byte[] pixels =
          images.read(Chunk.IDX_IMAGES_HEADER + record * shape.size(), count * shape.size());
      byte[] values = labels.read(Chunk.IDX_LABELS_HEADER + record, count);
      Block read = Block.ofIdx(pixels, values);
      requireLabels(read, labels.name(), record);
      return read;
    }

    @Override
    public void close() throws IOException {
      try (images) {
        labels.close();
      }
    }
  }
}
