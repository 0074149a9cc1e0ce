package io.sparkcam.data.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.spi.ImageReaderSpi;

/**
 * WebP, lossy, lossless, and the first frame of an animation on a black screen. The plugin decodes
 * lossless pixels, alpha, and the lossy Y, U and V; it interpolates no chroma, which {@link Yuv}
 * does.
 */
final class WebpFormat implements ImageFormat.Reading {
  private static final int HEADER = 12;
  private static final int ALPHA_FLAG = 0x10;

  private final ImageReaderSpi provider = new WebPImageReaderSpi();

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
  public Samples decode(byte[] bytes, int greyBits) throws IOException, BadRecordException {
    Chunks file = chunks(bytes);
    int bands = file.alpha ? 4 : 3;
    byte[] frame = new byte[file.frameHeight * file.frameWidth * bands];
    if (file.lossy == 0 || (file.alpha && file.alphaChunk > 0)) {
      copy(Samples.of(plugin(bytes, file), 16), frame, bands);
    } else if (file.alpha) {
      Arrays.fill(frame, (byte) 255);
    }
    if (file.lossy > 0) {
      lossy(bytes, file, frame, bands);
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

  private static void copy(Samples from, byte[] to, int bands) {
    byte[] values = from.values();
    for (int i = 0, j = 0; j < to.length; i += from.bands(), j += bands) {
      System.arraycopy(values, i, to, j, 3);
      if (bands == 4) {
        to[j + 3] = from.bands() == 4 ? values[i + 3] : (byte) 255;
      }
    }
  }

  /** The frame alone as the plugin reads it, without a colour profile, which it would apply. */
  private BufferedImage plugin(byte[] bytes, Chunks file) throws IOException, BadRecordException {
    int extended = file.alpha ? 18 : 0;
    int alpha = file.lossy > 0 && file.alphaChunk > 0 ? length(bytes, file.alphaChunk) : 0;
    int data = file.lossy > 0 ? file.lossy : file.lossless;
    int length = length(bytes, data);
    ByteBuffer alone =
        ByteBuffer.allocate(HEADER + extended + alpha + length).order(ByteOrder.LITTLE_ENDIAN);
    alone.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(alone.capacity() - 8);
    alone.put("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    if (extended > 0) {
      alone.put("VP8X".getBytes(StandardCharsets.ISO_8859_1)).putInt(10).putInt(ALPHA_FLAG);
      alone.putInt(file.frameWidth - 1).position(alone.position() - 1);
      alone.putShort((short) (file.frameHeight - 1)).put((byte) ((file.frameHeight - 1) >> 16));
    }
    alone.put(bytes, file.alphaChunk - 8 * Integer.signum(alpha), alpha);
    alone.put(bytes, data - 8, length);
    return JdkReader.read(provider, alone.array(), reader -> reader.read(0));
  }

  /** Of a chunk with its frame and padding. */
  private static int length(byte[] bytes, int data) {
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(data - 4);
    return Math.min(bytes.length - data + 8, 8 + length + length % 2);
  }

  private static void lossy(byte[] bytes, Chunks file, byte[] frame, int bands)
      throws BadRecordException {
    byte[] rgb = Vp8.decode(bytes, file.lossy, length(bytes, file.lossy) - 8);
    for (int i = 0, j = 0; i < rgb.length; i += 3, j += bands) {
      System.arraycopy(rgb, i, frame, j, 3);
    }
  }
}
