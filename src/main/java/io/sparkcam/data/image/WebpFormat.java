package io.sparkcam.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WebP (RFC 9649), lossy, lossless, and the first frame of an animation on a black screen. */
final class WebpFormat implements ImageFormat.Reading {
  private static final int HEADER = 12;
  private static final int ALPHA_FLAG = 0x10;

  /** What the chunks say; positions are of data, 0 where there is none. */
  private static final class Chunks {
    int height;
    int width;
    boolean alpha;
    int lossy;
    int lossless;
    int alphaChunk;
    int exif;
    int xmp;

    /** Of the first frame on the screen. */
    int top;

    int left;
    int frameHeight;
    int frameWidth;
  }

  private static Chunks chunks(byte[] bytes) throws BadRecordException {
    Chunks found = new Chunks();
    try {
      ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int end = (int) Math.min(bytes.length + 1L, 8 + (file.getInt(4) & 0xffffffffL));
      read(found, bytes, file, HEADER, end);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new BadRecordException("cannot be decoded: WebP cut off after byte " + bytes.length);
    }
    if (found.lossy == 0 && found.lossless == 0) {
      throw new BadRecordException("cannot be decoded: WebP without an image");
    }
    if (found.frameHeight + found.top > found.height
        || found.frameWidth + found.left > found.width) {
      throw new BadRecordException(
          "cannot be decoded: WebP frame of %sx%s pixels on %sx%s"
              .formatted(found.frameHeight, found.frameWidth, found.height, found.width));
    }
    return found;
  }

  private static void read(Chunks found, byte[] bytes, ByteBuffer file, int from, int end) {
    int at = from;
    while (at + 8 <= end) {
      int length = file.getInt(at + 4);
      int data = at + 8;
      if (length < 0 || length > file.limit() - data) {
        throw new IllegalArgumentException();
      }
      boolean pixels = found.lossy + found.lossless > 0;
      switch (name(bytes, at)) {
        case "VP8X" -> {
          found.alpha = (file.get(data) & ALPHA_FLAG) != 0;
          found.width = 1 + three(file, data + 4);
          found.height = 1 + three(file, data + 7);
        }
        case "ANMF" -> {
          if (!pixels) {
            found.left = 2 * three(file, data);
            found.top = 2 * three(file, data + 3);
            read(found, bytes, file, data + 16, data + length);
          }
        }
        case "ALPH" -> found.alphaChunk = pixels ? found.alphaChunk : data;
        case "VP8 " -> {
          if (!pixels) {
            found.lossy = data;
            size(found, file.getShort(data + 6) & 0x3fff, file.getShort(data + 8) & 0x3fff);
          }
        }
        case "VP8L" -> {
          if (!pixels) {
            int bits = file.getInt(data + 1);
            found.lossless = data;
            found.alpha |= found.width == 0 && (bits >>> 28 & 1) != 0;
            size(found, 1 + (bits & 0x3fff), 1 + (bits >>> 14 & 0x3fff));
          }
        }
        case "EXIF" -> found.exif = Orientation.ofExif(bytes, data, length);
        case "XMP " -> found.xmp = Orientation.ofXmp(bytes, data, length);
        default -> {
          // colour profiles and what pixels do not depend on
        }
      }
      at = data + length + length % 2;
    }
  }

  private static void size(Chunks found, int width, int height) {
    found.frameWidth = width;
    found.frameHeight = height;
    if (found.width == 0) {
      found.width = width;
      found.height = height;
    }
  }

  private static int three(ByteBuffer file, int at) {
    return (file.get(at) & 255) | (file.get(at + 1) & 255) << 8 | (file.get(at + 2) & 255) << 16;
  }

  private static String name(byte[] bytes, int at) {
    return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
  }

  @Override
  public ImageHeader header(byte[] bytes) throws BadRecordException {
    Chunks file = chunks(bytes);
    return new ImageHeader(
        file.height, file.width, Orientation.first(file.exif, file.xmp), false, file.alpha);
  }

  @Override
  public Samples decode(byte[] bytes, int greyBits) throws BadRecordException {
    Chunks file = chunks(bytes);
    int bands = file.alpha ? 4 : 3;
    byte[] frame = new byte[file.frameHeight * file.frameWidth * bands];
    if (file.lossy > 0) {
      lossy(bytes, file, frame, bands);
    } else {
      lossless(bytes, file, frame, bands);
    }
    if (file.frameHeight == file.height && file.frameWidth == file.width) {
      return new Samples(file.height, file.width, bands, frame);
    }
    byte[] screen = new byte[file.height * file.width * bands];
    for (int y = 0; y < file.frameHeight; y++) {
      System.arraycopy(
          frame,
          y * file.frameWidth * bands,
          screen,
          ((y + file.top) * file.width + file.left) * bands,
          file.frameWidth * bands);
    }
    return new Samples(file.height, file.width, bands, screen);
  }

  private static int length(byte[] bytes, int data) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(data - 4);
  }

  private static void lossless(byte[] bytes, Chunks file, byte[] frame, int bands)
      throws BadRecordException {
    int[] pixels =
        Vp8l.decode(
            bytes, file.lossless, length(bytes, file.lossless), file.frameHeight, file.frameWidth);
    for (int i = 0, to = 0; i < pixels.length; i++, to += bands) {
      frame[to] = (byte) (pixels[i] >> 16);
      frame[to + 1] = (byte) (pixels[i] >> 8);
      frame[to + 2] = (byte) pixels[i];
      if (bands == 4) {
        frame[to + 3] = (byte) (pixels[i] >> 24);
      }
    }
  }

  private static void lossy(byte[] bytes, Chunks file, byte[] frame, int bands)
      throws BadRecordException {
    byte[] rgb = Vp8.decode(bytes, file.lossy, length(bytes, file.lossy));
    byte[] alpha = null;
    if (bands == 4 && file.alphaChunk > 0) {
      int length = length(bytes, file.alphaChunk);
      alpha = Vp8l.alpha(bytes, file.alphaChunk, length, file.frameHeight, file.frameWidth);
    }
    for (int i = 0, to = 0; to < frame.length; i++, to += bands) {
      System.arraycopy(rgb, 3 * i, frame, to, 3);
      if (bands == 4) {
        frame[to + 3] = alpha == null ? (byte) 255 : alpha[i];
      }
    }
  }
}
