package io.sparkcam.data.image;

import java.util.Arrays;

/** Decodes VP8L, the pixels of lossless WebP and the alpha of lossy WebP (RFC 9649, 3). */
final class Vp8l {
  private static final int PREDICTOR = 0;
  private static final int COLOUR = 1;
  private static final int SUBTRACT_GREEN = 2;
  private static final int INDEXING = 3;

  private static final int OPAQUE = 0xff000000;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;
  private static final int LONGEST_CODE = 15;

  private static final int[] ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /** Of near pixels, the nearest first: rows above, and 8 less the columns to the left. */
  private static final String NEAR =
      "180717192806272916"
          + "1a262a38053739151b363a252b48044749141c353b464a242c58454b343c0357"
          + "59131d565a232d444c555b333d68026769121e666a222e545c434d656b323e78017779535d111f646c424e"
          + "767a212f757b313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070";

  /** A step that is undone once all pixels are there. */
  private record Transform(int kind, int width, int bits, int[] data) {}

  /** A prefix code (RFC 9649, 3.7.2): symbols in the order of their codes. */
  private static final class Code {
    private final int[] counts = new int[LONGEST_CODE + 1];
    private final int[] symbols;
    private final boolean single;

    Code(int[] lengths) throws BadRecordException {
      for (int length : lengths) {
        counts[length]++;
      }
      int used = lengths.length - counts[0];
      counts[0] = 0;
      int[] next = new int[LONGEST_CODE + 2];
      int left = 1;
      for (int length = 1; length <= LONGEST_CODE; length++) {
        left = 2 * left - counts[length];
        next[length + 1] = next[length] + counts[length];
        if (left < 0) {
          throw damaged();
        }
      }
      single = used == 1;
      if (used == 0 || (left > 0 && !single)) {
        throw damaged();
      }
      symbols = new int[used];
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] > 0) {
          symbols[next[lengths[symbol]]++] = symbol;
        }
      }
    }
  }

  private final byte[] bytes;
  private final long end;
  private long position;

  private Vp8l(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    position = 8L * from;
    end = 8L * (from + length);
  }

  /**
   * The image in a chunk.
   *
   * @return (height * width) as 0xaarrggbb
   */
  static int[] decode(byte[] bytes, int from, int length, int height, int width)
      throws BadRecordException {
    Vp8l image = new Vp8l(bytes, from, length);
    if (image.bits(8) != 0x2f
        || image.bits(14) != width - 1
        || image.bits(14) != height - 1
        || image.bits(4) >> 1 != 0) {
      throw damaged();
    }
    return image.image(height, width, true);
  }

  /**
   * The alpha in a chunk of lossy WebP (RFC 9649, 2.7.1.2).
   *
   * @return (height * width), unsigned bytes
   */
  static byte[] alpha(byte[] bytes, int from, int length, int height, int width)
      throws BadRecordException {
    byte[] alpha = new byte[height * width];
    int header = bytes[from];
    if ((header & 3) == 0) {
      if (length - 1 < alpha.length) {
        throw cut();
      }
      System.arraycopy(bytes, from + 1, alpha, 0, alpha.length);
    } else {
      int[] pixels = new Vp8l(bytes, from + 1, length - 1).image(height, width, true);
      for (int i = 0; i < alpha.length; i++) {
        alpha[i] = (byte) (pixels[i] >> 8);
      }
    }
    int filter = header >> 2 & 3;
    for (int i = 1; i < alpha.length && filter > 0; i++) {
      int x = i % width;
      int left = x > 0 ? alpha[i - 1] & 255 : 0;
      int above = i >= width ? alpha[i - width] & 255 : 0;
      int predicted;
      if (i < width) {
        predicted = left;
      } else if (x == 0 || filter == 2) {
        predicted = above;
      } else if (filter == 1) {
        predicted = left;
      } else {
        predicted = clip(left + above - (alpha[i - width - 1] & 255));
      }
      alpha[i] += (byte) predicted;
    }
    return alpha;
  }

  private static BadRecordException damaged() {
    return new BadRecordException("cannot be decoded: WebP damaged within its pixels");
  }

  private static BadRecordException cut() {
    return new BadRecordException("cannot be decoded: WebP cut off within its pixels");
  }

  private int bit() throws BadRecordException {
    if (position >= end) {
      throw cut();
    }
    int bit = bytes[(int) (position >> 3)] >> (position & 7) & 1;
    position++;
    return bit;
  }

  /** The lowest first. */
  private int bits(int count) throws BadRecordException {
    int bits = 0;
    for (int i = 0; i < count; i++) {
      bits |= bit() << i;
    }
    return bits;
  }

  private int symbol(Code code) throws BadRecordException {
    if (code.single) {
      return code.symbols[0];
    }
    int value = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST_CODE; length++) {
      value |= bit();
      int count = code.counts[length];
      if (value - count < first) {
        return code.symbols[index + value - first];
      }
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw damaged();
  }

  private static int blocks(int side, int bits) {
    return (side + (1 << bits) - 1) >> bits;
  }

  private int[] image(int height, int width, boolean outermost) throws BadRecordException {
    Transform[] transforms = new Transform[4];
    int count = 0;
    int packed = width;
    while (outermost && bit() == 1) {
      int kind = bits(2);
      for (int i = 0; i < count; i++) {
        if (transforms[i].kind == kind) {
          throw damaged();
        }
      }
      transforms[count++] = transform(kind, height, packed);
      if (kind == INDEXING) {
        packed = blocks(packed, transforms[count - 1].bits);
      }
    }
    int[] pixels = pixels(height, packed, outermost);
    while (count > 0) {
      pixels = undone(transforms[--count], pixels, height);
    }
    return pixels;
  }

  private Transform transform(int kind, int height, int width) throws BadRecordException {
    switch (kind) {
      case SUBTRACT_GREEN:
        return new Transform(kind, width, 0, new int[0]);
      case INDEXING:
        int size = bits(8) + 1;
        int bits = size > 16 ? 0 : size > 4 ? 1 : size > 2 ? 2 : 3;
        int[] table = image(1, size, false);
        for (int i = 1; i < size; i++) {
          table[i] = sum(table[i], table[i - 1]);
        }
        return new Transform(kind, width, bits, Arrays.copyOf(table, 256));
      default:
        int side = bits(3) + 2;
        return new Transform(
            kind, width, side, image(blocks(height, side), blocks(width, side), false));
    }
  }

  private int[] pixels(int height, int width, boolean outermost) throws BadRecordException {
    int cacheBits = bit() == 1 ? bits(4) : 0;
    if (cacheBits > 11) {
      throw damaged();
    }
    int[] cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
    int groupBits = 0;
    int[] groups = {0};
    int most = 0;
    if (outermost && bit() == 1) {
      groupBits = bits(3) + 2;
      groups = image(blocks(height, groupBits), blocks(width, groupBits), false);
      for (int i = 0; i < groups.length; i++) {
        groups[i] = groups[i] >> 8 & 0xffff;
        most = Math.max(most, groups[i]);
      }
    }
    Code[][] codes = new Code[most + 1][];
    for (int i = 0; i <= most; i++) {
      codes[i] =
          new Code[] {
            code(256 + LENGTHS + cache.length), code(256), code(256), code(256), code(DISTANCES)
          };
    }
    int columns = groupBits == 0 ? 0 : blocks(width, groupBits);
    int[] pixels = new int[height * width];
    int at = 0;
    while (at < pixels.length) {
      int block =
          groupBits == 0 ? 0 : ((at / width) >> groupBits) * columns + ((at % width) >> groupBits);
      Code[] code = codes[groups[block]];
      int green = symbol(code[0]);
      int length = 1;
      if (green < 256) {
        int red = symbol(code[1]);
        int blue = symbol(code[2]);
        pixels[at] = symbol(code[3]) << 24 | red << 16 | green << 8 | blue;
      } else if (green < 256 + LENGTHS) {
        length = extended(green - 256);
        int distance = distance(extended(symbol(code[4])), width);
        if (distance > at || length > pixels.length - at) {
          throw damaged();
        }
        for (int i = 0; i < length; i++) {
          pixels[at + i] = pixels[at + i - distance];
        }
      } else {
        pixels[at] = cache[green - 256 - LENGTHS];
      }
      for (int i = at; i < at + length && cacheBits > 0; i++) {
        cache[(0x1e35a7bd * pixels[i]) >>> (32 - cacheBits)] = pixels[i];
      }
      at += length;
    }
    return pixels;
  }

  /** A length or a distance of which the symbol is the leading part. */
  private int extended(int symbol) throws BadRecordException {
    if (symbol < 4) {
      return symbol + 1;
    }
    int more = (symbol - 2) >> 1;
    return ((2 + (symbol & 1)) << more) + bits(more) + 1;
  }

  private static int distance(int code, int width) {
    if (code > NEAR.length() / 2) {
      return code - NEAR.length() / 2;
    }
    int near = Integer.parseInt(NEAR.substring(2 * code - 2, 2 * code), 16);
    return Math.max(1, (near >> 4) * width + 8 - (near & 15));
  }

  private Code code(int size) throws BadRecordException {
    int[] lengths = new int[size];
    if (bit() == 1) {
      int count = bit() + 1;
      int first = bits(bit() == 1 ? 8 : 1);
      int second = count == 2 ? bits(8) : first;
      if (Math.max(first, second) >= size) {
        throw damaged();
      }
      lengths[first] = 1;
      lengths[second] = 1;
      return new Code(lengths);
    }
    int[] own = new int[ORDER.length];
    int count = bits(4) + 4;
    for (int i = 0; i < count; i++) {
      own[ORDER[i]] = bits(3);
    }
    Code code = new Code(own);
    int left = bit() == 1 ? 2 + bits(2 + 2 * bits(3)) : size;
    int before = 8;
    for (int i = 0; i < size && left-- > 0; ) {
      int length = symbol(code);
      if (length < 16) {
        lengths[i++] = length;
        before = length == 0 ? before : length;
        continue;
      }
      int repeated = length == 16 ? 3 + bits(2) : length == 17 ? 3 + bits(3) : 11 + bits(7);
      if (repeated > size - i) {
        throw damaged();
      }
      Arrays.fill(lengths, i, i + repeated, length == 16 ? before : 0);
      i += repeated;
    }
    return new Code(lengths);
  }

  /** The pixels before a transform, which took those of a wider image for an indexed one. */
  private static int[] undone(Transform transform, int[] pixels, int height) {
    int width = transform.width;
    int[] data = transform.data;
    int bits = transform.bits;
    switch (transform.kind) {
      case PREDICTOR -> predict(transform, pixels);
      case COLOUR -> {
        int columns = blocks(width, bits);
        for (int i = 0; i < pixels.length; i++) {
          int factors = data[((i / width) >> bits) * columns + ((i % width) >> bits)];
          int green = (byte) (pixels[i] >> 8);
          int red = (pixels[i] >> 16) + (((byte) factors * green) >> 5) & 255;
          int blue = pixels[i] + (((byte) (factors >> 8) * green) >> 5);
          blue = blue + (((byte) (factors >> 16) * (byte) red) >> 5) & 255;
          pixels[i] = (pixels[i] & 0xff00ff00) | (red << 16) | blue;
        }
      }
      case SUBTRACT_GREEN -> {
        for (int i = 0; i < pixels.length; i++) {
          int green = pixels[i] >> 8 & 255;
          pixels[i] = sum(pixels[i], green << 16 | green);
        }
      }
      default -> {
        int[] wide = new int[height * width];
        int packed = blocks(width, bits);
        int size = 8 >> bits;
        for (int i = 0; i < wide.length; i++) {
          int x = i % width;
          int byteOf = pixels[i / width * packed + (x >> bits)] >> 8 & 255;
          wide[i] = data[(byteOf >> ((x & ((1 << bits) - 1)) * size)) & ((1 << size) - 1)];
        }
        return wide;
      }
    }
    return pixels;
  }

  private static void predict(Transform transform, int[] pixels) {
    int width = transform.width;
    int columns = blocks(width, transform.bits);
    pixels[0] = sum(pixels[0], OPAQUE);
    for (int i = 1; i < pixels.length; i++) {
      int x = i % width;
      int predicted;
      if (i < width) {
        predicted = pixels[i - 1];
      } else if (x == 0) {
        predicted = pixels[i - width];
      } else {
        int block = ((i / width) >> transform.bits) * columns + (x >> transform.bits);
        predicted =
            predicted(
                transform.data[block] >> 8 & 15,
                pixels[i - 1],
                pixels[i - width],
                // of the last column, the first of this row
                pixels[i - width + 1],
                pixels[i - width - 1]);
      }
      pixels[i] = sum(pixels[i], predicted);
    }
  }

  private static int predicted(int mode, int left, int above, int right, int corner) {
    return switch (mode) {
      case 1 -> left;
      case 2 -> above;
      case 3 -> right;
      case 4 -> corner;
      case 5 -> mean(mean(left, right), above);
      case 6 -> mean(left, corner);
      case 7 -> mean(left, above);
      case 8 -> mean(corner, above);
      case 9 -> mean(above, right);
      case 10 -> mean(mean(left, corner), mean(above, right));
      case 11 -> {
        int nearer = 0;
        for (int shift = 0; shift < 32; shift += 8) {
          int c = corner >>> shift & 255;
          nearer += Math.abs((left >>> shift & 255) - c) - Math.abs((above >>> shift & 255) - c);
        }
        yield nearer <= 0 ? above : left;
      }
      case 12 -> {
        int sum = 0;
        for (int shift = 0; shift < 32; shift += 8) {
          int value = (left >>> shift & 255) + (above >>> shift & 255) - (corner >>> shift & 255);
          sum |= clip(value) << shift;
        }
        yield sum;
      }
      case 13 -> {
        int between = mean(left, above);
        int sum = 0;
        for (int shift = 0; shift < 32; shift += 8) {
          int value = between >>> shift & 255;
          sum |= clip(value + (value - (corner >>> shift & 255)) / 2) << shift;
        }
        yield sum;
      }
      default -> OPAQUE;
    };
  }

  /** Of each of the four bytes, without what is carried. */
  private static int sum(int a, int b) {
    return (((a & 0xff00ff00) + (b & 0xff00ff00)) & 0xff00ff00)
        | (((a & 0x00ff00ff) + (b & 0x00ff00ff)) & 0x00ff00ff);
  }

  private static int mean(int a, int b) {
    return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
