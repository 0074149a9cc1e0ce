package io.sparkcam.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a camera was held: EXIF's tag 274, 1 (upright) to 8. Whatever cannot be read is upright, as
 * it is for everybody else.
 */
final class Orientation {
  static final int UPRIGHT = 1;

  private static final int TAG = 274;
  private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([1-8])");

  private Orientation() {}

  /**
   * Of an EXIF block: a TIFF header and its first directory.
   *
   * @return 0 if it does not say
   */
  static int ofExif(byte[] bytes, int from, int length) {
    int value = tag(bytes, from, length, TAG);
    return value >= 0 && value <= 8 ? value : UPRIGHT;
  }

  /** The number under a tag of such a directory; 0 if there is none. */
  static int tag(byte[] bytes, int from, int length, int tag) {
    int start = from;
    int size = length;
    if (size > 6 && new String(bytes, from, 6, StandardCharsets.ISO_8859_1).equals("Exif\0\0")) {
      start += 6;
      size -= 6;
    }
    if (size < 8) {
      return 0;
    }
    ByteBuffer exif = ByteBuffer.wrap(bytes, start, size).slice();
    if (exif.getShort(0) == 0x4949) {
      exif.order(ByteOrder.LITTLE_ENDIAN);
    } else if (exif.getShort(0) != 0x4d4d) {
      return 0;
    }
    long directory = exif.getInt(4) & 0xffffffffL;
    if (directory + 2 > size) {
      return 0;
    }
    int entries = exif.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      long at = directory + 2 + 12L * i;
      if (at + 12 > size) {
        return 0;
      }
      if ((exif.getShort((int) at) & 0xffff) == tag) {
        boolean wide = exif.getShort((int) at + 2) == 4; // LONG, not SHORT
        return wide ? exif.getInt((int) at + 8) : exif.getShort((int) at + 8);
      }
    }
    return 0;
  }

  /**
   * Of an XMP packet.
   *
   * @return 0 if it does not say
   */
  static int ofXmp(byte[] bytes, int from, int length) {
    Matcher found = XMP.matcher(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  /** The first that says something. */
  static int first(int exif, int xmp) {
    return exif != 0 ? exif : xmp != 0 ? xmp : UPRIGHT;
  }
}
