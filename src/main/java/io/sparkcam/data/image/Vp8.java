package io.sparkcam.data.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Decodes a key frame of VP8, the pixels of lossy WebP (RFC 6386). The frame is predicted and
 * reconstructed as a whole, then filtered, since prediction is from pixels before the filter.
 */
final class Vp8 {
  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[][] LARGE = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  /** Modes of 16x16 and 8x8; the next of luma is one mode for each of its 16 blocks. */
  private static final int DC = 0;

  private static final int VERTICAL = 1;
  private static final int HORIZONTAL = 2;
  private static final int TRUE_MOTION = 3;
  private static final int BLOCKS = 4;

  /** A block's mode: leaves are negative, and one less. */
  private static final int[] BLOCK_TREE = {
    -1, 2, -2, 4, -3, 6, 8, 12, -4, 10, -6, -7, -5, 14, -8, 16, -9, -10
  };

  /** The block mode that a mode of 16x16 counts as. */
  private static final int[] AS_BLOCK = {0, 2, 3, 1};

  private static final int EDGE = 1;
  private static final int BEYOND = 4;

  /** Probabilities and quantisers of RFC 6386: 13.5, 13.4, 11.5 and 14.1. */
  private static final class Tables {
    static final int[] BLOCK_MODES = new int[10 * 10 * 9];
    static final int[] UPDATES = new int[4 * 8 * 3 * 11];
    static final int[] TOKENS = new int[4 * 8 * 3 * 11];
    static final int[] DC_STEPS = new int[128];
    static final int[] AC_STEPS = new int[128];

    static {
      try (InputStream file = Vp8.class.getResourceAsStream("vp8.tables");
          DataInputStream in = new DataInputStream(file)) {
        for (int[] bytes : new int[][] {BLOCK_MODES, UPDATES, TOKENS}) {
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = in.readUnsignedByte();
          }
        }
        for (int[] shorts : new int[][] {DC_STEPS, AC_STEPS}) {
          for (int i = 0; i < shorts.length; i++) {
            shorts[i] = in.readUnsignedShort();
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The arithmetic decoder of RFC 6386, 7. */
  private static final class Bits {
    private final byte[] bytes;
    private final int end;
    private int next;
    private int value;
    private int range = 255;
    private int shifted;

    Bits(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.end = end;
      next = from;
      value = read() << 8;
      value |= read();
    }

    private int read() {
      return next < end ? bytes[next++] & 255 : next++ & 0;
    }

    /** Whether more was read than there is, but for what the decoder reads ahead. */
    boolean overrun() {
      return next > end + 2;
    }

    int bit(int probability) {
      int split = 1 + (((range - 1) * probability) >> 8);
      int large = split << 8;
      int bit = value >= large ? 1 : 0;
      if (bit == 1) {
        range -= split;
        value -= large;
      } else {
        range = split;
      }
      while (range < 128) {
        value <<= 1;
        range <<= 1;
        if (++shifted == 8) {
          shifted = 0;
          value |= read();
        }
      }
      return bit;
    }

    boolean flag() {
      return bit(128) == 1;
    }

    int number(int bits) {
      int number = 0;
      for (int i = 0; i < bits; i++) {
        number = 2 * number + bit(128);
      }
      return number;
    }

    int signed(int bits) {
      int number = number(bits);
      return flag() ? -number : number;
    }

    int optional(int bits) {
      return flag() ? signed(bits) : 0;
    }
  }

  /** Pixels with a row above, a column to the left, and a few columns beyond. */
  private static final class Plane {
    final int stride;
    final byte[] pixels;

    Plane(int height, int width) {
      stride = EDGE + width + BEYOND;
      pixels = new byte[(height + EDGE) * stride];
      Arrays.fill(pixels, 0, stride, (byte) 127);
      for (int y = 1; y <= height; y++) {
        pixels[y * stride] = (byte) 129;
      }
    }

    int at(int y, int x) {
      return (y + EDGE) * stride + x + EDGE;
    }

    int get(int at) {
      return pixels[at] & 255;
    }

    byte[] cut(int height, int width) {
      byte[] cut = new byte[height * width];
      for (int y = 0; y < height; y++) {
        System.arraycopy(pixels, at(y, 0), cut, y * width, width);
      }
      return cut;
    }
  }

  private final int height;
  private final int width;
  private final int rows;
  private final int columns;
  private final Plane[] planes;
  private final Bits header;
  private final Bits[] parts;

  private boolean segmented;
  private boolean segmentMap;
  private boolean absolute;
  private final int[] segmentSteps = new int[4];
  private final int[] segmentLevels = new int[4];
  private final int[] segmentTree = {255, 255, 255};
  private boolean simple;
  private int level;
  private int sharpness;
  private boolean deltas;
  private int intraDelta;
  private int blocksDelta;
  private final int[][] steps = new int[4][6];
  private final int[] tokens = Tables.TOKENS.clone();
  private int skipProbability = -1;

  /** Of each macroblock, for the filter: its level, and whether its inner edges are filtered. */
  private final int[] levels;

  private final boolean[] inner;

  /** Of the blocks above and to the left: modes, and whether they have coefficients. */
  private final int[] modesAbove;

  private final int[] modesLeft = new int[4];
  private final int[] filledAbove;
  private final int[] filledLeft = new int[9];
  private final int[] coefficients = new int[25 * 16];

  private Vp8(byte[] bytes, int from, int end) throws BadRecordException {
    int tag = number(bytes, from, 3);
    if ((tag & 1) != 0 || number(bytes, from + 3, 3) != 0x2a019d) {
      throw new BadRecordException("cannot be decoded: WebP of no key frame");
    }
    width = number(bytes, from + 6, 2) & 0x3fff;
    height = number(bytes, from + 8, 2) & 0x3fff;
    rows = (height + 15) / 16;
    columns = (width + 15) / 16;
    planes =
        new Plane[] {
          new Plane(16 * rows, 16 * columns),
          new Plane(8 * rows, 8 * columns),
          new Plane(8 * rows, 8 * columns)
        };
    levels = new int[rows * columns];
    inner = new boolean[rows * columns];
    modesAbove = new int[4 * columns];
    filledAbove = new int[9 * columns];
    int first = from + 10;
    int sizes = first + (tag >> 5);
    if (sizes > end) {
      throw cut();
    }
    header = new Bits(bytes, first, sizes);
    int log = readHeader();
    parts = new Bits[1 << log];
    int start = sizes + 3 * (parts.length - 1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (start > end) {
        throw cut();
      }
      int stop = last ? end : start + number(bytes, sizes + 3 * i, 3);
      if (stop > end) {
        throw cut();
      }
      parts[i] = new Bits(bytes, start, stop);
      start = stop;
    }
    readProbabilities();
  }

  private static BadRecordException cut() {
    return new BadRecordException("cannot be decoded: WebP cut off within its pixels");
  }

  private static int number(byte[] bytes, int at, int length) {
    int number = 0;
    for (int i = length - 1; i >= 0; i--) {
      number = number << 8 | (bytes[at + i] & 255);
    }
    return number;
  }

  /**
   * The frame in a chunk.
   *
   * @return (row, column, red, green, blue)
   */
  static byte[] decode(byte[] bytes, int from, int length) throws BadRecordException {
    Vp8 frame = new Vp8(bytes, from, from + length);
    frame.reconstruct();
    frame.filter();
    int height = frame.height;
    int width = frame.width;
    return Yuv.toRgb(
        height,
        width,
        frame.planes[0].cut(height, width),
        frame.planes[1].cut((height + 1) / 2, (width + 1) / 2),
        frame.planes[2].cut((height + 1) / 2, (width + 1) / 2));
  }

  /** RFC 6386, 9.2 to 9.5; gives the logarithm of the number of partitions. */
  private int readHeader() {
    header.number(2); // colour space and clamping
    segmented = header.flag();
    if (segmented) {
      segmentMap = header.flag();
      if (header.flag()) {
        absolute = header.flag();
        for (int i = 0; i < 4; i++) {
          segmentSteps[i] = header.optional(7);
        }
        for (int i = 0; i < 4; i++) {
          segmentLevels[i] = header.optional(6);
        }
      }
      for (int i = 0; i < 3 && segmentMap; i++) {
        segmentTree[i] = header.flag() ? header.number(8) : 255;
      }
    }
    simple = header.flag();
    level = header.number(6);
    sharpness = header.number(3);
    deltas = header.flag();
    if (deltas && header.flag()) {
      for (int i = 0; i < 8; i++) {
        int delta = header.optional(6);
        intraDelta = i == 0 ? delta : intraDelta;
        blocksDelta = i == 4 ? delta : blocksDelta;
      }
    }
    return header.number(2);
  }

  /** RFC 6386, 9.6 to 9.11. */
  private void readProbabilities() {
    int base = header.number(7);
    int[] delta = new int[5];
    for (int i = 0; i < 5; i++) {
      delta[i] = header.optional(4);
    }
    for (int i = 0; i < 4; i++) {
      int step = !segmented ? base : absolute ? segmentSteps[i] : base + segmentSteps[i];
      steps[i] =
          new int[] {
            step(Tables.DC_STEPS, step + delta[0], 127),
            step(Tables.AC_STEPS, step, 127),
            2 * step(Tables.DC_STEPS, step + delta[1], 127),
            Math.max(8, step(Tables.AC_STEPS, step + delta[2], 127) * 155 / 100),
            step(Tables.DC_STEPS, step + delta[3], 117),
            step(Tables.AC_STEPS, step + delta[4], 127)
          };
    }
    header.flag(); // of frames that follow
    for (int i = 0; i < tokens.length; i++) {
      if (header.bit(Tables.UPDATES[i]) == 1) {
        tokens[i] = header.number(8);
      }
    }
    if (header.flag()) {
      skipProbability = header.number(8);
    }
  }

  private static int step(int[] table, int index, int most) {
    return table[Math.max(0, Math.min(most, index))];
  }

  private void reconstruct() throws BadRecordException {
    int[] modes = new int[16];
    for (int y = 0; y < rows; y++) {
      Arrays.fill(modesLeft, 0);
      Arrays.fill(filledLeft, 0);
      Bits part = parts[y % parts.length];
      for (int x = 0; x < columns; x++) {
        int segment = 0;
        if (segmentMap) {
          segment =
              header.bit(segmentTree[0]) == 0
                  ? header.bit(segmentTree[1])
                  : 2 + header.bit(segmentTree[2]);
        }
        boolean skipped = skipProbability >= 0 && header.bit(skipProbability) == 1;
        int luma = readModes(x, modes);
        int chroma =
            header.bit(142) == 0
                ? DC
                : header.bit(114) == 0 ? VERTICAL : header.bit(183) == 0 ? HORIZONTAL : TRUE_MOTION;
        boolean filled = false;
        Arrays.fill(coefficients, 0);
        if (skipped) {
          clear(x, luma);
        } else {
          filled = readCoefficients(part, x, luma, steps[segment]);
        }
        if (luma == BLOCKS) {
          predictBlocks(y, x, modes);
        } else {
          predict(planes[0], 16, y, x, luma);
          for (int i = 0; i < 16; i++) {
            add(planes[0], 16 * y + i / 4 * 4, 16 * x + i % 4 * 4, i);
          }
        }
        for (int plane = 1; plane < 3; plane++) {
          predict(planes[plane], 8, y, x, chroma);
          for (int i = 0; i < 4; i++) {
            add(planes[plane], 8 * y + i / 2 * 4, 8 * x + i % 2 * 4, 12 + 4 * plane + i);
          }
        }
        levels[y * columns + x] = level(segment, luma == BLOCKS);
        inner[y * columns + x] = filled || luma == BLOCKS;
      }
      if (part.overrun() || header.overrun()) {
        throw cut();
      }
    }
  }

  /** Gives the mode of luma and fills those of its blocks. */
  private int readModes(int x, int[] modes) {
    int luma = BLOCKS;
    if (header.bit(145) == 1) {
      luma =
          header.bit(156) == 1
              ? HORIZONTAL + header.bit(128)
              : header.bit(163) == 1 ? VERTICAL : DC;
    }
    for (int i = 0; i < 16; i++) {
      int column = 4 * x + i % 4;
      int mode;
      if (luma == BLOCKS) {
        int probabilities = (modesAbove[column] * 10 + modesLeft[i / 4]) * 9;
        int node = 0;
        do {
          node = BLOCK_TREE[node + header.bit(Tables.BLOCK_MODES[probabilities + (node >> 1)])];
        } while (node > 0);
        mode = -node - 1;
      } else {
        mode = AS_BLOCK[luma];
      }
      modes[i] = mode;
      modesAbove[column] = mode;
      modesLeft[i / 4] = mode;
    }
    return luma;
  }

  private void clear(int x, int luma) {
    int kept = luma == BLOCKS ? 1 : 0;
    Arrays.fill(filledAbove, 9 * x, 9 * x + 9 - kept, 0);
    Arrays.fill(filledLeft, 0, 9 - kept, 0);
  }

  /** Gives whether any coefficient is not 0. */
  private boolean readCoefficients(Bits part, int x, int luma, int[] step) {
    boolean filled = false;
    int first = 0;
    int type = 3;
    if (luma != BLOCKS) {
      first = 1;
      type = 0;
      int last = block(part, 1, 9 * x + 8, 8, 0, 24, step[2], step[3]);
      if (last > 0) {
        hadamard();
      }
    }
    for (int i = 0; i < 16; i++) {
      int last = block(part, type, 9 * x + i % 4, i / 4, first, i, step[0], step[1]);
      filled |= last > 1 || coefficients[16 * i] != 0;
    }
    for (int i = 16; i < 24; i++) {
      int plane = 4 + (i - 16) / 4 * 2;
      int above = 9 * x + plane + i % 2;
      int left = plane + i / 2 % 2;
      int last = block(part, 2, above, left, 0, i, step[4], step[5]);
      filled |= last > 1 || coefficients[16 * i] != 0;
    }
    return filled;
  }

  /** Reads a block of coefficients (RFC 6386, 13) and gives the place after its last. */
  private int block(
      Bits part, int type, int above, int left, int first, int block, int dc, int ac) {
    int last = tokens(part, type, filledAbove[above] + filledLeft[left], first, 16 * block, dc, ac);
    filledAbove[above] = filledLeft[left] = last > first ? 1 : 0;
    return last;
  }

  private int tokens(Bits part, int type, int context, int first, int to, int dc, int ac) {
    int p = probabilities(type, first, context);
    int i = first;
    while (i < 16) {
      if (part.bit(tokens[p]) == 0) {
        return i;
      }
      while (part.bit(tokens[p + 1]) == 0) {
        if (++i == 16) {
          return 16;
        }
        p = probabilities(type, i, 0);
      }
      int value = value(part, p);
      int signed = part.bit(128) == 1 ? -value : value;
      coefficients[to + ZIGZAG[i]] = signed * (i == 0 ? dc : ac);
      i++;
      p = probabilities(type, i, value == 1 ? 1 : 2);
    }
    return 16;
  }

  private static int probabilities(int type, int place, int context) {
    return ((type * 8 + BANDS[place]) * 3 + context) * 11;
  }

  private int value(Bits part, int p) {
    if (part.bit(tokens[p + 2]) == 0) {
      return 1;
    }
    if (part.bit(tokens[p + 3]) == 0) {
      return part.bit(tokens[p + 4]) == 0 ? 2 : 3 + part.bit(tokens[p + 5]);
    }
    if (part.bit(tokens[p + 6]) == 0) {
      return part.bit(tokens[p + 7]) == 0
          ? 5 + part.bit(159)
          : 7 + 2 * part.bit(165) + part.bit(145);
    }
    int high = part.bit(tokens[p + 8]);
    int kind = 2 * high + part.bit(tokens[p + 9 + high]);
    int value = 0;
    for (int probability : LARGE[kind]) {
      value = 2 * value + part.bit(probability);
    }
    return value + 3 + (8 << kind);
  }

  /** The inverse Walsh-Hadamard transform of the 25th block: the first values of 16. */
  private void hadamard() {
    int[] c = coefficients;
    int from = 24 * 16;
    int[] t = new int[16];
    for (int i = 0; i < 4; i++) {
      int a = c[from + i] + c[from + 12 + i];
      int b = c[from + 4 + i] + c[from + 8 + i];
      int d = c[from + 4 + i] - c[from + 8 + i];
      int e = c[from + i] - c[from + 12 + i];
      t[i] = a + b;
      t[8 + i] = a - b;
      t[4 + i] = e + d;
      t[12 + i] = e - d;
    }
    for (int i = 0; i < 4; i++) {
      int a = t[4 * i] + 3 + t[4 * i + 3];
      int b = t[4 * i + 1] + t[4 * i + 2];
      int d = t[4 * i + 1] - t[4 * i + 2];
      int e = t[4 * i] + 3 - t[4 * i + 3];
      c[64 * i] = (a + b) >> 3;
      c[64 * i + 16] = (e + d) >> 3;
      c[64 * i + 32] = (a - b) >> 3;
      c[64 * i + 48] = (e - d) >> 3;
    }
  }

  /** Adds the inverse cosine transform of a block to its prediction. */
  private void add(Plane plane, int y, int x, int block) {
    int[] c = coefficients;
    int from = 16 * block;
    int[] t = new int[16];
    for (int i = 0; i < 4; i++) {
      int a = c[from + i] + c[from + 8 + i];
      int b = c[from + i] - c[from + 8 + i];
      int d = small(c[from + 4 + i]) - large(c[from + 12 + i]);
      int e = large(c[from + 4 + i]) + small(c[from + 12 + i]);
      t[4 * i] = a + e;
      t[4 * i + 1] = b + d;
      t[4 * i + 2] = b - d;
      t[4 * i + 3] = a - e;
    }
    for (int i = 0; i < 4; i++) {
      int a = t[i] + 4 + t[8 + i];
      int b = t[i] + 4 - t[8 + i];
      int d = small(t[4 + i]) - large(t[12 + i]);
      int e = large(t[4 + i]) + small(t[12 + i]);
      int at = plane.at(y + i, x);
      plane.pixels[at] = clip(plane.get(at) + ((a + e) >> 3));
      plane.pixels[at + 1] = clip(plane.get(at + 1) + ((b + d) >> 3));
      plane.pixels[at + 2] = clip(plane.get(at + 2) + ((b - d) >> 3));
      plane.pixels[at + 3] = clip(plane.get(at + 3) + ((a - e) >> 3));
    }
  }

  /** sqrt(2) * cos(pi / 8). */
  private static int large(int value) {
    return ((value * 20091) >> 16) + value;
  }

  /** sqrt(2) * sin(pi / 8). */
  private static int small(int value) {
    return (value * 35468) >> 16;
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /** RFC 6386, 12.2. */
  private static void predict(Plane plane, int side, int row, int column, int mode) {
    int at = plane.at(side * row, side * column);
    int above = at - plane.stride;
    int mean = 128;
    if (mode == DC && row + column > 0) {
      int sum = 0;
      for (int i = 0; i < side; i++) {
        sum += row > 0 ? plane.get(above + i) : 0;
        sum += column > 0 ? plane.get(at + i * plane.stride - 1) : 0;
      }
      int count = row > 0 && column > 0 ? 2 * side : side;
      mean = (sum + count / 2) / count;
    }
    for (int y = 0; y < side; y++) {
      int left = plane.get(at + y * plane.stride - 1);
      for (int x = 0; x < side; x++) {
        plane.pixels[at + y * plane.stride + x] =
            switch (mode) {
              case DC -> (byte) mean;
              case VERTICAL -> plane.pixels[above + x];
              case HORIZONTAL -> (byte) left;
              default -> clip(left + plane.get(above + x) - plane.get(above - 1));
            };
      }
    }
  }

  /** RFC 6386, 12.3: each block from the pixels around it. */
  private void predictBlocks(int row, int column, int[] modes) {
    Plane plane = planes[0];
    int corner = plane.at(16 * row, 16 * column);
    int[] right = new int[4];
    for (int i = 0; i < 4; i++) {
      boolean beyond = row > 0 && column == columns - 1;
      right[i] = plane.get(corner - plane.stride + (beyond ? 15 : 16 + i));
    }
    int[] e = new int[13]; // from the lowest on the left over the corner to the last on the right
    for (int i = 0; i < 16; i++) {
      int at = corner + i / 4 * 4 * plane.stride + i % 4 * 4;
      for (int k = 0; k < 4; k++) {
        e[k] = plane.get(at + (3 - k) * plane.stride - 1);
        e[9 + k] = i % 4 == 3 ? right[k] : plane.get(at - plane.stride + 4 + k);
      }
      for (int k = 0; k < 5; k++) {
        e[4 + k] = plane.get(at - plane.stride - 1 + k);
      }
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
          plane.pixels[at + y * plane.stride + x] = (byte) predicted(modes[i], e, y, x);
        }
      }
      add(plane, 16 * row + i / 4 * 4, 16 * column + i % 4 * 4, i);
    }
  }

  /**
   * One pixel of a block.
   *
   * @param e left from below (0 to 3), corner (4), above (5 to 8), above to the right (9 to 12)
   */
  private static int predicted(int mode, int[] e, int y, int x) {
    return switch (mode) {
      case 0 -> (e[0] + e[1] + e[2] + e[3] + e[5] + e[6] + e[7] + e[8] + 4) >> 3;
      case 1 -> clip(e[3 - y] + e[5 + x] - e[4]);
      case 2 -> three(e, 5 + x);
      case 3 -> y == 3 ? (e[1] + 3 * e[0] + 2) >> 2 : three(e, 3 - y);
      case 4 -> x + y == 6 ? (e[11] + 3 * e[12] + 2) >> 2 : three(e, 6 + x + y);
      case 5 -> three(e, 4 + x - y);
      case 6 -> { // down, a little to the right
        int place = 2 * x - y;
        yield place < -1
            ? three(e, 5 - y)
            : place % 2 == 0 ? two(e, 4 + place / 2) : three(e, 4 + (place + 1) / 2);
      }
      case 7 -> { // down, a little to the left
        if (x == 3 && y >= 2) {
          yield three(e, 8 + y);
        }
        yield y % 2 == 0 ? two(e, 5 + x + y / 2) : three(e, 6 + x + y / 2);
      }
      case 8 -> { // right, a little down
        int place = 2 * y - x;
        yield place < -1
            ? three(e, 3 + x)
            : place % 2 == 0 ? two(e, 3 - place / 2) : three(e, 4 - (place + 1) / 2);
      }
      default -> { // right, a little up
        int place = x + 2 * y;
        yield place > 5
            ? e[0]
            : place == 5
                ? (e[1] + 3 * e[0] + 2) >> 2
                : place % 2 == 0 ? two(e, 2 - place / 2) : three(e, 2 - place / 2);
      }
    };
  }

  private static int two(int[] e, int at) {
    return (e[at] + e[at + 1] + 1) >> 1;
  }

  private static int three(int[] e, int middle) {
    return (e[middle - 1] + 2 * e[middle] + e[middle + 1] + 2) >> 2;
  }

  private int level(int segment, boolean blocks) {
    int own =
        !segmented ? level : absolute ? segmentLevels[segment] : level + segmentLevels[segment];
    own = Math.max(0, Math.min(63, own));
    if (deltas) {
      own = Math.max(0, Math.min(63, own + intraDelta + (blocks ? blocksDelta : 0)));
    }
    return own;
  }

  /** RFC 6386, 15. */
  private void filter() {
    for (int y = 0; y < rows && level > 0; y++) {
      for (int x = 0; x < columns; x++) {
        int own = levels[y * columns + x];
        if (own == 0) {
          continue;
        }
        int within = own >> (sharpness > 4 ? 2 : sharpness > 0 ? 1 : 0);
        within = Math.max(1, sharpness > 0 ? Math.min(within, 9 - sharpness) : within);
        int limit = 2 * own + within;
        int high = own >= 40 ? 2 : own >= 15 ? 1 : 0;
        boolean all = inner[y * columns + x];
        for (int plane = 0; plane < (simple ? 1 : 3); plane++) {
          int side = plane == 0 ? 16 : 8;
          Plane in = planes[plane];
          int at = in.at(side * y, side * x);
          if (x > 0) {
            edge(in, at, 1, in.stride, side, limit + 4, within, high, true);
          }
          for (int i = 4; all && i < side; i += 4) {
            edge(in, at + i, 1, in.stride, side, limit, within, high, false);
          }
          if (y > 0) {
            edge(in, at, in.stride, 1, side, limit + 4, within, high, true);
          }
          for (int i = 4; all && i < side; i += 4) {
            edge(in, at + i * in.stride, in.stride, 1, side, limit, within, high, false);
          }
        }
      }
    }
  }

  /** Filters across an edge: {@code step} leads across it, {@code along} along it. */
  private void edge(
      Plane plane,
      int start,
      int step,
      int along,
      int side,
      int limit,
      int within,
      int high,
      boolean outer) {
    for (int i = 0, at = start; i < side; i++, at += along) {
      int p1 = plane.get(at - 2 * step);
      int p0 = plane.get(at - step);
      int q0 = plane.get(at);
      int q1 = plane.get(at + step);
      if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) > 2 * limit + 1) {
        continue;
      }
      if (simple) {
        narrow(plane, at, step, p1, p0, q0, q1);
        continue;
      }
      int p2 = plane.get(at - 3 * step);
      int q2 = plane.get(at + 2 * step);
      int steepest = Math.max(Math.abs(plane.get(at - 4 * step) - p2), Math.abs(p2 - p1));
      steepest = Math.max(steepest, Math.abs(plane.get(at + 3 * step) - q2));
      steepest = Math.max(steepest, Math.abs(q2 - q1));
      int nearest = Math.max(Math.abs(p1 - p0), Math.abs(q1 - q0));
      if (Math.max(steepest, nearest) > within) {
        continue;
      }
      if (nearest > high) {
        narrow(plane, at, step, p1, p0, q0, q1);
      } else if (outer) {
        int a = signed(3 * (q0 - p0) + signed(p1 - q1));
        int a1 = (27 * a + 63) >> 7;
        int a2 = (18 * a + 63) >> 7;
        int a3 = (9 * a + 63) >> 7;
        plane.pixels[at - 3 * step] = clip(p2 + a3);
        plane.pixels[at - 2 * step] = clip(p1 + a2);
        plane.pixels[at - step] = clip(p0 + a1);
        plane.pixels[at] = clip(q0 - a1);
        plane.pixels[at + step] = clip(q1 - a2);
        plane.pixels[at + 2 * step] = clip(q2 - a3);
      } else {
        int a = 3 * (q0 - p0);
        int a1 = eighth(a + 4);
        int a2 = eighth(a + 3);
        int a3 = (a1 + 1) >> 1;
        plane.pixels[at - 2 * step] = clip(p1 + a3);
        plane.pixels[at - step] = clip(p0 + a2);
        plane.pixels[at] = clip(q0 - a1);
        plane.pixels[at + step] = clip(q1 - a3);
      }
    }
  }

  private static void narrow(Plane plane, int at, int step, int p1, int p0, int q0, int q1) {
    int a = 3 * (q0 - p0) + signed(p1 - q1);
    plane.pixels[at - step] = clip(p0 + eighth(a + 3));
    plane.pixels[at] = clip(q0 - eighth(a + 4));
  }

  private static int signed(int value) {
    return Math.max(-128, Math.min(127, value));
  }

  private static int eighth(int value) {
    return Math.max(-16, Math.min(15, value >> 3));
  }
}
