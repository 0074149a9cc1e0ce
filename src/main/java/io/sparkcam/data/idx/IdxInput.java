package io.sparkcam.data.idx;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ImageShape;
import io.sparkcam.storage.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/**
 * One IDX file of unsigned bytes, plain or gzip, read strictly from start to end.
 *
 * <p>Images may have a fourth dimension, their channels. Labels may also be QMNIST's rows of 32-bit
 * numbers, of which the first is the class.
 *
 * <p>IDX (http://yann.lecun.com/exdb/mnist): two zero bytes, the element type (0x08, unsigned
 * byte), the number of dimensions, each dimension as a big-endian 32-bit size, then the elements,
 * the last dimension fastest. Whether it is compressed is told by its first two bytes, not by its
 * name. Places in messages count decompressed bytes, except those of gzip itself. Nothing is
 * allocated from a size in the header, and at most one byte beyond what the header declares is ever
 * decompressed.
 */
public final class IdxInput implements Closeable {
  private static final int UNSIGNED_BYTES = 0x0800;

  /** QMNIST's labels: rows of several numbers of 32 bits, of which the first is the class. */
  private static final int ROWS_OF_INTS = 0x0c02;

  private static final int MOST_COLUMNS = 64;

  /** Images of several channels. */
  private static final int CHANNELS_LAST = 0x0804;

  private final String name;
  private final String item;
  private final MessageDigest digest;
  private final InputStream in;
  private final boolean plain;
  private int[] sizes;
  private int headerSize;
  private long position;

  /** Of an element, of which only the first number is taken. */
  private int elementBytes = 1;

  private IdxInput(
      String name,
      String item,
      int dimensions,
      MessageDigest digest,
      InputStream in,
      boolean plain) {
    this.plain = plain;
    this.name = name;
    this.item = item;
    this.digest = digest;
    this.in = in;
    this.sizes = new int[dimensions];
    this.headerSize = Integer.BYTES * (1 + dimensions);
  }

  /** Opens (image, row, column) or (image, row, column, channel). */
  public static IdxInput images(ByteSource source) throws IOException {
    return open(source, "image", 3);
  }

  /** Opens (label). */
  public static IdxInput labels(ByteSource source) throws IOException {
    return open(source, "label", 1);
  }

  private static IdxInput open(ByteSource source, String item, int dimensions) throws IOException {
    MessageDigest digest = Sha256.digest();
    PushbackInputStream raw =
        new PushbackInputStream(new DigestInputStream(source.open(), digest), 2);
    InputStream content = raw;
    try {
      byte[] start = raw.readNBytes(2);
      raw.unread(start);
      if (start.length == 2 && ByteBuffer.wrap(start).getShort() == (short) GzipInput.MAGIC) {
        content = new GzipInput(raw, source.name());
      }
      IdxInput input =
          new IdxInput(source.name(), item, dimensions, digest, content, content == raw);
      input.readHeader();
      return input;
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private void readHeader() throws IOException {
    int expected = UNSIGNED_BYTES | sizes.length;
    int magic = headerInt();
    if (magic == CHANNELS_LAST && sizes.length == 3) {
      sizes = new int[4];
      headerSize += Integer.BYTES;
      expected = magic;
    }
    boolean rows = magic == ROWS_OF_INTS && sizes.length == 1;
    if (magic != expected && !rows) {
      throw new IOException(
          "%s: magic 0x%08x at byte 0, expected 0x%08x".formatted(name, magic, expected));
    }
    for (int i = 0; i < sizes.length; i++) {
      long place = position;
      sizes[i] = headerInt();
      int most = i == 0 ? Integer.MAX_VALUE : ImageShape.MAX_SIDE;
      if (sizes[i] < 1 || sizes[i] > most) {
        throw new IOException(
            "%s: %s %s at byte %s, expected 1 to %s"
                .formatted(name, dimensionName(i), Integer.toUnsignedLong(sizes[i]), place, most));
      }
    }
    if (sizes.length == 4 && sizes[3] != 1 && sizes[3] != 3) {
      throw new IOException(
          "%s: images of %s channels, the last of four dimensions; expected 1 or 3"
              .formatted(name, sizes[3]));
    }
    if (rows) {
      int columns = headerInt();
      if (columns < 1 || columns > MOST_COLUMNS) {
        throw new IOException(
            "%s: %s columns, expected 1 to %s".formatted(name, columns, MOST_COLUMNS));
      }
      elementBytes = Integer.BYTES * columns;
    }
  }

  private String dimensionName(int dimension) {
    return switch (dimension) {
      case 0 -> item + " count";
      case 1 -> "height";
      case 2 -> "width";
      default -> "channels";
    };
  }

  private int headerInt() throws IOException {
    byte[] bytes = new byte[Integer.BYTES];
    int found = in.readNBytes(bytes, 0, bytes.length);
    position += found;
    if (found < bytes.length) {
      throw new IOException(
          name + ": ends at byte " + position + ", in its header of " + headerSize + " bytes");
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  /** The file's name without its directory. */
  public String name() {
    return name;
  }

  /** Whether the file is not compressed: what is read lies in it as it is. */
  public boolean plain() {
    return plain && elementBytes == 1;
  }

  /** Declared number of items. */
  public int count() {
    return sizes[0];
  }

  /** Declared shape of the images. */
  public ImageShape shape() {
    return new ImageShape(sizes[1], sizes[2], sizes.length == 4 ? sizes[3] : 1);
  }

  /** Reads the next elements, of one item or several, into the first {@code length} places. */
  public void read(byte[] elements, int length) throws IOException {
    int found = 0;
    if (elementBytes == 1) {
      found = in.readNBytes(elements, 0, length);
      position += found;
    } else {
      byte[] row = new byte[elementBytes];
      for (; found < length && readRow(row); found++) {
        elements[found] = row[Integer.BYTES - 1];
      }
    }
    if (found < length) {
      throw new IOException(
          "%s: ends at byte %s, in %s %s (of %s, from 0), expected %s bytes"
              .formatted(
                  name,
                  position,
                  item,
                  (position - headerSize) / itemSize(),
                  count(),
                  headerSize + count() * itemSize()));
    }
  }

  private boolean readRow(byte[] row) throws IOException {
    int found = in.readNBytes(row, 0, row.length);
    position += found;
    int value = ByteBuffer.wrap(row).getInt();
    if (found == row.length && (value < 0 || value > 0xff)) {
      throw new IOException(
          "%s: %s %s before byte %s, expected 0 to 255".formatted(name, item, value, position));
    }
    return found == row.length;
  }

  private long itemSize() {
    long size = elementBytes;
    for (int i = 1; i < sizes.length; i++) {
      size *= sizes[i];
    }
    return size;
  }

  /**
   * Checks that nothing follows the declared items; for gzip, that its checksum and length hold
   * too.
   *
   * @return the SHA-256 of the file's bytes as they are stored
   */
  public String finish() throws IOException {
    if (in.read() >= 0) {
      throw new IOException(
          "%s: data at byte %s, expected the end after %s %s"
              .formatted(name, position, item, count() - 1));
    }
    return Sha256.of(digest);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
