package io.sparkcam.data.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The chunks that a PNG file consists of (ISO/IEC 15948, 5.3): length, type, data, CRC-32 of type
 * and data. ImageIO checks no CRC and stops before the end.
 */
final class PngChunks {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int END = 0x49454e44;
  private static final int FRAME = 3 * Integer.BYTES;

  private PngChunks() {}

  /** Refuses a PNG file that is cut off or in which any chunk is damaged; passes other formats. */
  static void requireWhole(byte[] bytes) throws BadRecordException {
    int length = SIGNATURE.length;
    if (bytes.length < length || !Arrays.equals(bytes, 0, length, SIGNATURE, 0, length)) {
      return;
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).position(length);
    int type = 0;
    while (type != END) {
      int start = file.position();
      if (file.remaining() < FRAME || file.getInt(start) > file.remaining() - FRAME) {
        throw new BadRecordException("cannot be decoded: PNG cut off after byte " + bytes.length);
      }
      int data = file.getInt(start);
      type = file.getInt(start + Integer.BYTES);
      if (data < 0) {
        throw new BadRecordException("cannot be decoded: no PNG chunk at byte " + start);
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, start + Integer.BYTES, Integer.BYTES + data);
      if (file.getInt(start + 2 * Integer.BYTES + data) != (int) crc.getValue()) {
        throw new BadRecordException("cannot be decoded: PNG damaged in chunk at byte " + start);
      }
      file.position(start + FRAME + data);
    }
  }
}
