package io.sparkcam.data;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Where everything lies in a chunk file, big-endian:
 *
 * <ol>
 *   <li>header of {@value #HEADER} bytes: {@link #MAGIC} as a long; version, height, width,
 *       channels, classes, records a block as ints; CRC32C of all that
 *   <li>blocks, each of {@link #recordsABlock} records but for the last: records of {@link
 *       #recordSize} bytes (label as an int, {@link ImageBlock#UNKNOWN} if it has none; pixels
 *       (channel, row, column) as unsigned bytes), then the CRC32C of the records
 *   <li>footer of {@value #FOOTER} bytes: number of records as a long, CRC32C of it
 * </ol>
 */
final class ChunkLayout {
  /** "SCChunk" and a zero byte. */
  static final long MAGIC = 0x53434368756e6b00L;

  static final int VERSION = 1;
  static final int CHECKSUM = Integer.BYTES;
  static final int HEADER = Long.BYTES + 6 * Integer.BYTES + CHECKSUM;
  static final int FOOTER = Long.BYTES + CHECKSUM;

  private static final int BLOCK_BYTES = 1 << 20;
  private static final long CHUNK_BYTES = 64L << 20;

  private ChunkLayout() {}

  static int recordSize(ImageShape shape) {
    return Integer.BYTES + shape.size();
  }

  /** Of a whole block: about 1 MiB, at least one record. */
  static int recordsABlock(ImageShape shape) {
    return Math.max(1, BLOCK_BYTES / recordSize(shape));
  }

  /** Of a whole chunk: about 64 MiB, whole blocks. */
  static long recordsAChunk(ImageShape shape) {
    long block = recordsABlock(shape);
    return Math.max(1, CHUNK_BYTES / (block * recordSize(shape))) * block;
  }

  /** Of a chunk with so many records. */
  static long blocks(ImageShape shape, long records) {
    int block = recordsABlock(shape);
    return (records + block - 1) / block;
  }

  /** The first byte of a block. */
  static long placeOf(ImageShape shape, long block) {
    return HEADER + block * ((long) recordsABlock(shape) * recordSize(shape) + CHECKSUM);
  }

  /** Of a file with so many records. */
  static long length(ImageShape shape, long records) {
    return HEADER + records * recordSize(shape) + blocks(shape, records) * CHECKSUM + FOOTER;
  }

  static byte[] header(ImageShape shape, int classes) {
    ByteBuffer header =
        ByteBuffer.allocate(HEADER)
            .putLong(MAGIC)
            .putInt(VERSION)
            .putInt(shape.height())
            .putInt(shape.width())
            .putInt(shape.channels())
            .putInt(classes)
            .putInt(recordsABlock(shape));
    return header.putInt(checksum(header.array(), HEADER - CHECKSUM)).array();
  }

  static byte[] footer(long records) {
    ByteBuffer footer = ByteBuffer.allocate(FOOTER).putLong(records);
    return footer.putInt(checksum(footer.array(), Long.BYTES)).array();
  }

  /** CRC32C of the first bytes. */
  static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
