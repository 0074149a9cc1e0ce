package io.sparkcam.data.idx;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952), one member after another, and refuses whatever is not exactly that.
 *
 * <p>{@link java.util.zip.GZIPInputStream} would not do: it drops unreadable bytes after a member
 * without a word, takes a pause of the stream between two members for the end, and its messages
 * name neither file nor place.
 */
final class GzipInput extends InputStream {
  static final int MAGIC = 0x1f8b;

  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final String name;
  private final InputStream compressed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] window = new byte[1 << 16];
  private int next;
  private int end;
  private long fetched;
  private boolean inMember;
  private boolean started;

  /** Both streams are one: closing this closes {@code compressed}. */
  GzipInput(InputStream compressed, String name) {
    this.compressed = compressed;
    this.name = name;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      if (!inMember) {
        if (started && !fetch()) {
          return -1;
        }
        readHeader();
      }
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        readTrailer();
      } else if (fetch()) {
        inflater.setInput(window, next, end - next);
      } else {
        throw cut("in its data");
      }
    }
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int count = inflater.inflate(target, offset, length);
      next = end - inflater.getRemaining();
      return count;
    } catch (DataFormatException e) {
      next = end - inflater.getRemaining();
      throw new IOException(
          name + ": gzip data before byte " + position() + " is corrupt: " + e.getMessage(), e);
    }
  }

  private void readHeader() throws IOException {
    crc.reset();
    long start = position();
    expectMagic(MAGIC >>> 8);
    expectMagic(MAGIC & 0xff);
    started = true;
    int method = headerByte();
    if (method != DEFLATE) {
      throw new IOException(
          "%s: gzip method %s at byte %s, expected %s".formatted(name, method, start + 2, DEFLATE));
    }
    int flags = headerByte();
    if ((flags & RESERVED) != 0) {
      throw new IOException(
          "%s: gzip flags 0x%02x at byte %s, expected below 0x20"
              .formatted(name, flags, start + 3));
    }
    skip(6); // when, how and where it was compressed
    if ((flags & EXTRA) != 0) {
      skip(headerByte() | headerByte() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      int computed = (int) crc.getValue() & 0xffff;
      long place = position();
      expect("gzip header CRC", headerByte() | headerByte() << 8, place, computed);
    }
    crc.reset();
    inflater.reset();
    inflater.setInput(window, next, end - next);
    inMember = true;
  }

  private void expectMagic(int expected) throws IOException {
    long place = position();
    int found = headerByte();
    if (found != expected) {
      throw new IOException(
          "%s: 0x%02x at byte %s, expected 0x%02x of a gzip member or the end of the file"
              .formatted(name, found, place, expected));
    }
  }

  private void readTrailer() throws IOException {
    inMember = false;
    long place = position();
    expect("gzip CRC", littleEndian("in its CRC"), place, crc.getValue());
    long length = littleEndian("in its length");
    long inflated = inflater.getBytesWritten() & 0xffffffffL;
    if (length != inflated) {
      throw new IOException(
          "%s: gzip length %s at byte %s, expected %s"
              .formatted(name, length, place + 4, inflated));
    }
  }

  private void expect(String what, long found, long place, long expected) throws IOException {
    if (found != expected) {
      throw new IOException(
          "%s: %s 0x%08x at byte %s, expected 0x%08x"
              .formatted(name, what, found, place, expected));
    }
  }

  private long littleEndian(String where) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) nextByte(where) << shift;
    }
    return value;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      headerByte();
    }
  }

  private void skipText() throws IOException {
    while (headerByte() != 0) {
      // up to the zero that ends it
    }
  }

  private int headerByte() throws IOException {
    int value = nextByte("in its header");
    crc.update(value);
    return value;
  }

  private int nextByte(String where) throws IOException {
    if (!fetch()) {
      throw cut(where);
    }
    return window[next++] & 0xff;
  }

  /** Makes sure that the window holds a byte; false at the end of the file. */
  private boolean fetch() throws IOException {
    if (next == end) {
      int count = compressed.read(window);
      next = 0;
      end = Math.max(count, 0);
      fetched += end;
    }
    return next < end;
  }

  /** Compressed bytes used so far. */
  private long position() {
    return fetched - (end - next);
  }

  private IOException cut(String where) {
    return new IOException(name + ": gzip ends at byte " + position() + ", " + where);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    compressed.close();
  }
}
