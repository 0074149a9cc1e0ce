package io.sparkcam.cam;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Zooms maps of one fixed size (h, w) to another (H, W) by a separable B-spline: Z_h C Z_w^T with
 * two matrices built once, in double precision. Maps are row-major (y, x), signed, of any unit; the
 * zoom is linear, so it commutes with the class weights: zoom(sum over k of w_k F_k) = sum over k
 * of w_k zoom(F_k).
 *
 * <p>Immutable and safe for any number of threads.
 */
public final class Zoom {
  /** Columns or rows of the source taken together in one pass over a row of the target. */
  private static final int TAPS = 4;

  private final int inputHeight;
  private final int inputWidth;
  private final int outputHeight;
  private final int outputWidth;

  /** Z_h: (H, h). */
  private final double[][] vertical;

  /** Z_w^T: (w, W). */
  private final double[][] horizontal;

  /** Z_h in single precision, with columns of zeros up to a multiple of {@link #TAPS}. */
  private final float[][] verticalTaps;

  /** Z_w^T in single precision, with rows of zeros up to a multiple of {@link #TAPS}. */
  private final float[][] horizontalTaps;

  private Zoom(double[][] vertical, double[][] horizontal) {
    outputHeight = vertical.length;
    outputWidth = horizontal.length;
    inputHeight = vertical[0].length;
    inputWidth = horizontal[0].length;
    this.vertical = vertical;
    this.horizontal = new double[inputWidth][outputWidth];
    verticalTaps = new float[outputHeight][padded(inputHeight)];
    for (int y = 0; y < outputHeight; y++) {
      for (int i = 0; i < inputHeight; i++) {
        verticalTaps[y][i] = (float) vertical[y][i];
      }
    }
    horizontalTaps = new float[padded(inputWidth)][outputWidth];
    for (int x = 0; x < inputWidth; x++) {
      for (int column = 0; column < outputWidth; column++) {
        this.horizontal[x][column] = horizontal[column][x];
        horizontalTaps[x][column] = (float) horizontal[column][x];
      }
    }
  }

  private static int padded(int cells) {
    return (cells + TAPS - 1) / TAPS * TAPS;
  }

  /**
   * The zoom of {@code scipy.ndimage.zoom(map, (H / h, W / w), order=order)}: the corner cells lie
   * on the corner pixels, pixel i of N on coordinate i * ((n - 1) / (N - 1)) of n cells.
   *
   * <p>SciPy's mode 'constant' gives 0 outside the cells, also where that product is rounded to
   * just beyond the last cell: at a few sizes (from 8 or 15 to 26, for instance) the far edge is 0,
   * here as there.
   *
   * @param order degree of the spline, 0 (nearest) to 3
   */
  public static Zoom cornerAligned(
      int inputHeight, int inputWidth, int outputHeight, int outputWidth, int order) {
    requireSizes(inputHeight, inputWidth, outputHeight, outputWidth);
    return new Zoom(
        new Spline(inputHeight, order).matrix(cornerAligned(inputHeight, outputHeight)),
        new Spline(inputWidth, order).matrix(cornerAligned(inputWidth, outputWidth)));
  }

  private static double[] cornerAligned(int cells, int pixels) {
    double cellsPerPixel = pixels == 1 ? 1 : (cells - 1.0) / (pixels - 1.0);
    return IntStream.range(0, pixels).mapToDouble(pixel -> pixel * cellsPerPixel).toArray();
  }

  /**
   * The zoom that draws each cell where the network saw it: cell i on pixel {@code offset + stride
   * * i} (for three cells of windows centred at 3.5, 11.5 and 19.5, offset 3.5 and stride 8). With
   * s the quadratic B-spline through the cells, mirrored about the outermost ones,
   *
   * <pre>
   * {@code value(y, x) = s(clamp((y - rowOffset) / rowStride, 0, h - 1),
   *                       clamp((x - columnOffset) / columnStride, 0, w - 1))}
   * </pre>
   *
   * Beyond the outermost cells the value stays that of the border; the mirror makes s level there,
   * so the join is smooth and nothing is extrapolated.
   *
   * @param rowOffset centre of the first row's windows in pixels, the first pixel's centre being 0
   * @param rowStride distance between neighbouring rows' centres in pixels
   * @param columnOffset the same of columns
   * @param columnStride the same of columns
   */
  public static Zoom receptiveFieldAligned(
      int inputHeight,
      int inputWidth,
      int outputHeight,
      int outputWidth,
      double rowOffset,
      double rowStride,
      double columnOffset,
      double columnStride) {
    requireSizes(inputHeight, inputWidth, outputHeight, outputWidth);
    return new Zoom(
        new Spline(inputHeight, 2).matrix(clamped(inputHeight, outputHeight, rowOffset, rowStride)),
        new Spline(inputWidth, 2)
            .matrix(clamped(inputWidth, outputWidth, columnOffset, columnStride)));
  }

  /** The same offset and stride along rows and columns. */
  public static Zoom receptiveFieldAligned(
      int inputHeight,
      int inputWidth,
      int outputHeight,
      int outputWidth,
      double offset,
      double stride) {
    return receptiveFieldAligned(
        inputHeight, inputWidth, outputHeight, outputWidth, offset, stride, offset, stride);
  }

  private static double[] clamped(int cells, int pixels, double offset, double stride) {
    if (!Double.isFinite(offset) || !Double.isFinite(stride) || stride <= 0) {
      throw new IllegalArgumentException(
          "zoom offset "
              + offset
              + " and stride "
              + stride
              + ", expected finite numbers and a positive stride");
    }
    return IntStream.range(0, pixels)
        .mapToDouble(pixel -> Math.max(0, Math.min((pixel - offset) / stride, cells - 1)))
        .toArray();
  }

  private static void requireSizes(
      int inputHeight, int inputWidth, int outputHeight, int outputWidth) {
    if (inputHeight < 1 || inputWidth < 1 || outputHeight < 1 || outputWidth < 1) {
      throw new IllegalArgumentException(
          "zoom from %s x %s to %s x %s, expected sizes of at least 1 x 1"
              .formatted(inputHeight, inputWidth, outputHeight, outputWidth));
    }
  }

  /** What the rows of the source weigh in row {@code y} of the target: (h). */
  public double[] rowWeights(int y) {
    return vertical[y].clone();
  }

  /** What the columns of the source weigh in column {@code x} of the target: (w). */
  public double[] columnWeights(int x) {
    return Arrays.stream(horizontal).mapToDouble(column -> column[x]).toArray();
  }

  /**
   * Zooms one map in double precision.
   *
   * @param source (h, w)
   * @return (H, W)
   */
  public double[] zoom(double[] source) {
    if (source.length != inputHeight * inputWidth) {
      throw new IllegalArgumentException(
          "map of " + source.length + " values, expected " + inputHeight + " x " + inputWidth);
    }
    double[] target = new double[outputHeight * outputWidth];
    for (int y = 0; y < outputHeight; y++) {
      for (int x = 0; x < inputWidth; x++) {
        double tap = 0;
        for (int i = 0; i < inputHeight; i++) {
          tap += vertical[y][i] * source[i * inputWidth + x];
        }
        for (int column = 0; column < outputWidth; column++) {
          target[y * outputWidth + column] += tap * horizontal[x][column];
        }
      }
    }
    return target;
  }

  /**
   * Zooms one map in single precision, for throughput: the rows of the source to the target's
   * width, then to each row of the target.
   *
   * @param source holds (h, w) from {@code sourceOffset}
   * @param target receives (H, W) from {@code targetOffset}; must not be {@code source}
   */
  public void zoom(float[] source, int sourceOffset, float[] target, int targetOffset) {
    Bounds.require("zoom source", source, sourceOffset, inputHeight * inputWidth);
    Bounds.require("zoom target", target, targetOffset, outputHeight * outputWidth);
    if (source == target) {
      throw new IllegalArgumentException("zoom source and target are one array, expected two");
    }
    float[] cells = new float[horizontalTaps.length];
    float[][] rows = new float[padded(inputHeight)][];
    for (int y = 0; y < rows.length; y++) {
      // One by one: arrays of arrays are made by the runtime, which takes longer.
      rows[y] = new float[outputWidth];
    }
    for (int y = 0; y < inputHeight; y++) {
      System.arraycopy(source, sourceOffset + y * inputWidth, cells, 0, inputWidth);
      addAll(rows[y], cells, horizontalTaps);
    }
    // The JIT compiler vectorises a loop over several arrays only when it indexes all of them
    // alike, so a row is made apart.
    float[] row = new float[outputWidth];
    for (int y = 0; y < outputHeight; y++) {
      Arrays.fill(row, 0);
      addAll(row, verticalTaps[y], rows);
      System.arraycopy(row, 0, target, targetOffset + y * outputWidth, outputWidth);
    }
  }

  private static void addAll(float[] row, float[] weights, float[][] rows) {
    for (int i = 0; i < weights.length; i += TAPS) {
      add(
          row,
          weights[i],
          rows[i],
          weights[i + 1],
          rows[i + 1],
          weights[i + 2],
          rows[i + 2],
          weights[i + 3],
          rows[i + 3]);
    }
  }

  private static void add(
      float[] row,
      float a,
      float[] as,
      float b,
      float[] bs,
      float c,
      float[] cs,
      float d,
      float[] ds) {
    for (int i = 0; i < row.length; i++) {
      row[i] += a * as[i] + b * bs[i] + c * cs[i] + d * ds[i];
    }
  }
}
