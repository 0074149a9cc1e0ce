package io.sparkcam.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * PNG (ISO/IEC 15948): a signature and chunks of length, type, data, CRC-32 of type and data.
 * ImageIO checks no CRC and stops before the end.
 */
final class PngFormat implements ImageFormat.Reading {
  private static final int SIGNATURE = 8;
  private static final int FRAME = 3 * Integer.BYTES;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int TRNS = 0x74524e53;
  private static final int SBIT = 0x73424954;
  private static final int EXIF = 0x65584966;
  private static final int ITXT = 0x69545874;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;

  /** Of the colour type: there is a palette, there are colours, there is alpha. */
  private static final int PALETTE = 1;

  private static final int COLOUR = 2;
  private static final int ALPHA = 4;

  private final JdkReader jdk = JdkReader.of("png");

  /** What the chunks say. */
  private static final class Chunks {
    int height;
    int width;
    int bits;
    int type;
    boolean transparency;
    boolean greyPalette = true;
    int significantBits;
    int exif;
    int xmp;
  }

  /**
   * Goes through the chunks.
   *
   * @param whole whether a file that is cut off or in which any chunk is damaged is refused
   */
  private static Chunks chunks(byte[] bytes, boolean whole) throws BadRecordException {
    Chunks found = new Chunks();
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int type = 0;
    int start = SIGNATURE;
    while (type != IEND) {
      if (bytes.length - start < FRAME || file.getInt(start) > bytes.length - start - FRAME) {
        if (!whole && type == IDAT) {
          break; // whoever decodes it says so
        }
        throw new BadRecordException("cannot be decoded: PNG cut off after byte " + bytes.length);
      }
      int length = file.getInt(start);
      if (length < 0) {
        throw new BadRecordException("cannot be decoded: no PNG chunk at byte " + start);
      }
      int data = start + 2 * Integer.BYTES;
      type = file.getInt(start + Integer.BYTES);
      if (whole) {
        CRC32 crc = new CRC32();
        crc.update(bytes, start + Integer.BYTES, Integer.BYTES + length);
        if (file.getInt(data + length) != (int) crc.getValue()) {
          throw new BadRecordException("cannot be decoded: PNG damaged in chunk at byte " + start);
        }
      }
      if ((type == IHDR) != (start == SIGNATURE) || (type == IHDR && length != 13)) {
        throw new BadRecordException("cannot be decoded: PNG without its header");
      }
      read(found, type, bytes, data, length);
      start = data + length + Integer.BYTES;
    }
    return found;
  }

  private static void read(Chunks found, int type, byte[] bytes, int data, int length) {
    switch (type) {
      case IHDR -> {
        ByteBuffer header = ByteBuffer.wrap(bytes, data, length);
        found.width = header.getInt();
        found.height = header.getInt();
        found.bits = header.get();
        found.type = header.get();
      }
      case PLTE -> {
        for (int i = data; i + 2 < data + length; i += 3) {
          found.greyPalette &= bytes[i] == bytes[i + 1] && bytes[i] == bytes[i + 2];
        }
      }
      case TRNS -> found.transparency = true;
      case SBIT -> found.significantBits = length == 0 ? 0 : bytes[data] & 255;
      case EXIF -> found.exif = Orientation.ofExif(bytes, data, length);
      case ITXT -> {
        if (ImageFormat.starts(bytes, data, "XML:com.adobe.xmp\0")) {
          found.xmp = Orientation.ofXmp(bytes, data, length);
        }
      }
      default -> {
        // pixels, or what they do not depend on
      }
    }
  }

  @Override
  public ImageHeader header(byte[] bytes) throws BadRecordException {
    Chunks file = chunks(bytes, false);
    return new ImageHeader(
        file.height,
        file.width,
        Orientation.first(file.exif, file.xmp),
        (file.type & PALETTE) == 0 ? (file.type & COLOUR) == 0 : file.greyPalette,
        (file.type & ALPHA) != 0 || file.transparency);
  }

  @Override
  public Samples decode(byte[] bytes, int greyBits) throws IOException, BadRecordException {
    Chunks file = chunks(bytes, true);
    return jdk.read(
        bytes,
        reader -> {
          BufferedImage image = reader.read(0);
          int bits = greyBits;
          if (bits == 0) {
            boolean unscaled =
                file.bits == 16
                    && file.type == 0
                    && file.significantBits > 8
                    && file.significantBits < 16
                    && greatest(image.getRaster()) < 1 << file.significantBits;
            bits = unscaled ? file.significantBits : 16;
          }
          return Samples.of(image, bits);
        });
  }

  /**
   * Samples of fewer significant bits are to be scaled to all 16 (ISO/IEC 15948, 12.4); cameras
   * store them as they are.
   */
  private static int greatest(Raster raster) {
    int greatest = 0;
    int[] row = new int[raster.getWidth() * raster.getNumBands()];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int value : row) {
        greatest = Math.max(greatest, value);
      }
    }
    return greatest;
  }
}
