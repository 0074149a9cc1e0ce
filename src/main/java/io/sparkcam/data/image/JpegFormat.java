package io.sparkcam.data.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * JPEG, baseline and progressive, grey, YCbCr, RGB, CMYK and YCCK. The JDK's reader (libjpeg) gives
 * the stored components; which colours they are is told as libjpeg tells it, and CMYK is inverted
 * as Adobe's programs store it.
 */
final class JpegFormat implements ImageFormat.Reading {

  private final JdkReader jdk = JdkReader.of("jpeg");

  /** What the markers before the first scan say. */
  private static final class Markers {
    int height;
    int width;

    /** Of the components; empty before the frame header. */
    byte[] ids = {};

    boolean jfif;

    /** Adobe's: 0 none, 1 YCbCr, 2 YCCK; -1 without its marker. */
    int transform = -1;

    int exif;
    int xmp;

    boolean isYcc() {
      return switch (ids.length) {
        case 3 ->
            jfif
                || (transform >= 0
                    ? transform != 0
                    : !(ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B'));
        case 4 -> transform > 0;
        default -> false;
      };
    }
  }

  private static Markers markers(byte[] bytes) throws BadRecordException {
    Markers found = new Markers();
    int at = 2;
    try {
      while (true) {
        while ((bytes[at] & 255) != 0xff) {
          at++; // as libjpeg skips what is between segments
        }
        while ((bytes[at] & 255) == 0xff) {
          at++;
        }
        int marker = bytes[at++] & 255;
        if (marker == 0xda || marker == 0xd9) {
          break;
        }
        if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) {
          continue;
        }
        int length = (bytes[at] & 255) << 8 | (bytes[at + 1] & 255);
        read(found, marker, bytes, at + 2, Math.min(length - 2, bytes.length - at - 2));
        at += Math.max(2, length);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new BadRecordException("cannot be decoded: JPEG cut off after byte " + bytes.length);
    }
    if (found.ids.length == 0) {
      throw new BadRecordException("cannot be decoded: JPEG without a frame header");
    }
    return found;
  }

  private static void read(Markers found, int marker, byte[] bytes, int data, int length) {
    if (marker == 0xe0 && ImageFormat.starts(bytes, data, "JFIF\0")) {
      found.jfif = true;
    } else if (marker == 0xe1 && ImageFormat.starts(bytes, data, "Exif\0\0")) {
      found.exif = found.exif == 0 ? Orientation.ofExif(bytes, data, length) : found.exif;
    } else if (marker == 0xe1
        && ImageFormat.starts(bytes, data, "http://ns.adobe.com/xap/1.0/\0")) {
      found.xmp = found.xmp == 0 ? Orientation.ofXmp(bytes, data, length) : found.xmp;
    } else if (marker == 0xee && length >= 12 && ImageFormat.starts(bytes, data, "Adobe")) {
      found.transform = bytes[data + 11];
    } else if (marker >= 0xc0
        && marker <= 0xcf
        && marker != 0xc4
        && marker != 0xc8
        && marker != 0xcc
        && found.ids.length == 0) {
      found.height = (bytes[data + 1] & 255) << 8 | (bytes[data + 2] & 255);
      found.width = (bytes[data + 3] & 255) << 8 | (bytes[data + 4] & 255);
      found.ids = new byte[bytes[data + 5] & 255];
      for (int i = 0; i < found.ids.length; i++) {
        found.ids[i] = bytes[data + 6 + 3 * i];
      }
    }
  }

  @Override
  public ImageHeader header(byte[] bytes) throws BadRecordException {
    Markers file = markers(bytes);
    return new ImageHeader(
        file.height,
        file.width,
        Orientation.first(file.exif, file.xmp),
        file.ids.length == 1,
        false);
  }

  @Override
  public Samples decode(byte[] bytes, int greyBits) throws IOException, BadRecordException {
    Markers file = markers(bytes);
    int bands = file.ids.length;
    if (bands != 1 && bands != 3 && bands != 4) {
      throw new BadRecordException(bands + " samples a pixel, neither grey nor RGB nor CMYK");
    }
    List<String> warnings = new ArrayList<>();
    Raster raster =
        jdk.read(
            bytes,
            reader -> {
              // A JPEG that is cut off is filled up with grey, which only a warning tells.
              reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
              return reader.readRaster(0, null);
            });
    for (String warning : warnings) {
      String lower = warning.toLowerCase(Locale.ROOT);
      // Bytes between the last block and the end harm nothing.
      boolean harmless = lower.endsWith("extraneous bytes before marker 0xd9");
      if (!harmless && lower.matches(".*(premature|corrupt|truncated).*")) {
        throw new BadRecordException("cannot be decoded: " + warning);
      }
    }
    byte[] values = Samples.bytes(raster);
    if (values == null || raster.getNumBands() != bands) {
      throw new BadRecordException("cannot be decoded: JPEG of other than 8 bits");
    }
    if (file.isYcc()) {
      Colours.yccToRgb(values, bands);
    }
    Samples stored = new Samples(raster.getHeight(), raster.getWidth(), bands, values);
    if (bands < 4) {
      return stored;
    }
    invert(values, file.isYcc());
    Colours.cmykToRgb(values, bands);
    return new Samples(stored.height(), stored.width(), 3, Colours.first3(stored));
  }

  /** Adobe stores what is left of white; of YCCK, the RGB is that already. */
  private static void invert(byte[] values, boolean ycck) {
    for (int i = 0; i < values.length; i++) {
      if (i % 4 == 3 || !ycck) {
        values[i] = (byte) (255 - values[i]);
      }
    }
  }
}
