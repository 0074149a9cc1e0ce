package io.sparkcam.data.image;

import io.sparkcam.data.image.DecodeSettings.Resize;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pillow's antialiased resizing: a row, then a column of weights in fixed point for each target
 * pixel, both passes rounded and clipped to 8 bits (its {@code Resample.c}).
 */
final class Resizer {
  /** Of the fractions of a weight; a sum of products with 8 bits fits into 32, signed. */
  private static final int PRECISION = 32 - 8 - 2;

  /** Weights of a few pairs of sizes, since most images of a data set have few sizes. */
  private static final ConcurrentHashMap<Pair, Weights> KNOWN = new ConcurrentHashMap<>();

  private static final int MOST_KNOWN = 256;

  private record Pair(int from, int to, Resize.Filter filter) {}

  /**
   * Of one axis.
   *
   * @param first (to), the first source pixel that a target pixel depends on
   * @param count (to), how many
   * @param values (to, most), fixed point
   */
  @SuppressWarnings("ArrayRecordComponent") // private, never changed
  private record Weights(int[] first, int[] count, int most, int[] values) {
    static Weights of(Pair sizes) {
      double scale = (double) sizes.from / sizes.to;
      double stretch = Math.max(1, scale);
      double support = (sizes.filter == Resize.Filter.BICUBIC ? 2 : 1) * stretch;
      int most = (int) Math.ceil(support) * 2 + 1;
      Weights weights =
          new Weights(new int[sizes.to], new int[sizes.to], most, new int[sizes.to * most]);
      double[] exact = new double[most];
      for (int i = 0; i < sizes.to; i++) {
        double centre = (i + 0.5) * scale;
        int first = Math.max(0, (int) (centre - support + 0.5));
        int count = Math.min(sizes.from, (int) (centre + support + 0.5)) - first;
        double sum = 0;
        for (int k = 0; k < count; k++) {
          exact[k] = value(sizes.filter, (k + first - centre + 0.5) * (1 / stretch));
          sum += exact[k];
        }
        for (int k = 0; k < count; k++) {
          double share = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << PRECISION);
          weights.values[i * most + k] = (int) (share < 0 ? share - 0.5 : share + 0.5);
        }
        weights.first[i] = first;
        weights.count[i] = count;
      }
      return weights;
    }

    private static double value(Resize.Filter filter, double distance) {
      double x = Math.abs(distance);
      if (filter == Resize.Filter.BILINEAR) {
        return Math.max(0, 1 - x);
      }
      double a = -0.5;
      if (x < 1) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
  }

  private Resizer() {}

  /**
   * A picture of the size that is wanted.
   *
   * @param pixels (height, width, channels), unsigned bytes
   * @return (size.height, size.width, channels)
   */
  static byte[] resize(byte[] pixels, int height, int width, int channels, Resize size) {
    int h = size.height();
    int w = size.width();
    if (size.mode() != Resize.Mode.STRETCH) {
      // which side is brought to its size exactly: compares w / width with h / height
      boolean byWidth = (long) w * height >= (long) h * width == (size.mode() == Resize.Mode.CROP);
      if (byWidth) {
        h = other(w, height, width, size.mode());
      } else {
        w = other(h, width, height, size.mode());
      }
    }
    byte[] scaled = scale(pixels, height, width, channels, h, w, size.filter());
    return h == size.height() && w == size.width()
        ? scaled
        : placed(scaled, h, w, channels, size.height(), size.width());
  }

  /** The side that follows from the ratio: rounded down as torchvision does, or as ImageOps.pad. */
  private static int other(int exact, int side, int ofExact, Resize.Mode mode) {
    return mode == Resize.Mode.CROP
        ? (int) ((long) exact * side / ofExact)
        : (int) Math.max(1, Math.rint((double) side / ofExact * exact));
  }

  /** The centre of a larger picture, or a smaller one in the centre of black. */
  private static byte[] placed(byte[] from, int h, int w, int channels, int height, int width) {
    byte[] to = new byte[height * width * channels];
    int top = (int) Math.rint((height - h) / 2.0);
    int left = (int) Math.rint((width - w) / 2.0);
    int columns = Math.min(w, width) * channels;
    for (int y = Math.max(0, top); y < Math.min(height, top + h); y++) {
      System.arraycopy(
          from,
          ((y - top) * w + Math.max(0, -left)) * channels,
          to,
          (y * width + Math.max(0, left)) * channels,
          columns);
    }
    return to;
  }

  /** Pillow's {@code Image.resize}. */
  static byte[] scale(
      byte[] pixels, int height, int width, int channels, int h, int w, Resize.Filter filter) {
    byte[] rows =
        w == width
            ? pixels
            : alongRows(pixels, height, width, channels, w, weights(width, w, filter));
    return h == height ? rows : alongColumns(rows, w * channels, h, weights(height, h, filter));
  }

  private static Weights weights(int from, int to, Resize.Filter filter) {
    if (KNOWN.size() > MOST_KNOWN) {
      KNOWN.clear();
    }
    return KNOWN.computeIfAbsent(new Pair(from, to, filter), Weights::of);
  }

  private static byte[] alongRows(
      byte[] pixels, int height, int width, int channels, int w, Weights weights) {
    byte[] to = new byte[height * w * channels];
    int[] values = weights.values;
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < w; x++) {
        int from = (y * width + weights.first[x]) * channels;
        int end = weights.count[x] * channels;
        for (int c = 0; c < channels; c++) {
          int sum = 1 << (PRECISION - 1);
          int weight = x * weights.most;
          for (int k = c; k < end; k += channels) {
            sum += (pixels[from + k] & 255) * values[weight++];
          }
          to[at++] = clip(sum);
        }
      }
    }
    return to;
  }

  private static byte[] alongColumns(byte[] pixels, int stride, int h, Weights weights) {
    byte[] to = new byte[h * stride];
    int[] sums = new int[stride];
    for (int y = 0; y < h; y++) {
      Arrays.fill(sums, 1 << (PRECISION - 1));
      for (int k = 0; k < weights.count[y]; k++) {
        int weight = weights.values[y * weights.most + k];
        int row = (weights.first[y] + k) * stride;
        for (int x = 0; x < stride; x++) {
          sums[x] += (pixels[row + x] & 255) * weight;
        }
      }
      for (int x = 0; x < stride; x++) {
        to[y * stride + x] = clip(sums[x]);
      }
    }
    return to;
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PRECISION));
  }
}
