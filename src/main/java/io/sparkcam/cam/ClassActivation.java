package io.sparkcam.cam;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Class activation maps of a network that ends in global average pooling and one dense layer (B.
 * Zhou, A. Khosla, A. Lapedriza, A. Oliva, A. Torralba, "Learning Deep Features for Discriminative
 * Localization", CVPR 2016): the map of class c is
 *
 * <pre>{@code CAM_c(y, x) = sum over k of w[k, c] * A[y, x, k]}</pre>
 *
 * signed, in units of the logit, without the bias. Since the dense layer is linear, the mean of
 * CAM_c over the image plus the bias of c is the logit of c, which {@link #audit} checks.
 *
 * <p>Where the dense layer takes every cell by itself, without an average, the map is
 *
 * <pre>{@code CAM_c(y, x) = h * w * sum over k of w[y, x, k, c] * A[y, x, k]}</pre>
 *
 * so that its mean plus the bias is the logit, too.
 *
 * <p>Immutable and safe for any number of threads. Sums run in double precision and in the order of
 * k for each value alone, so a map does not depend on the batch that it is computed in.
 */
public final class ClassActivation {
  /**
   * Cells taken together, of whole images: enough for vector instructions, few enough for all
   * channels to stay in the cache.
   */
  private static final int BLOCK_CELLS = 144;

  /** Channels taken together in one pass over a block's cells. */
  private static final int TAPS = 4;

  private final int cells;
  private final int channels;
  private final int classes;

  /**
   * (C, K), with zeros up to a multiple of {@link #TAPS} channels; empty where each cell has its
   * own.
   */
  private final double[][] weights;

  /** (h, w, K, C) where each cell has its own, else empty. */
  private final float[] cellWeights;

  private final float[] bias;

  /**
   * Takes the dense layer's parameters.
   *
   * @param height h of the last convolution's output
   * @param width w of the last convolution's output
   * @param weights (K, C) row-major, as Keras holds a dense layer's kernel, or (h, w, K, C) where
   *     each cell has its own; copied
   * @param bias (C); copied
   */
  public ClassActivation(
      int height, int width, int channels, int classes, float[] weights, float[] bias) {
    if (height < 1 || width < 1 || channels < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "class activation of features (%s, %s, %s) and %s classes, expected sizes of at least 1"
              .formatted(height, width, channels, classes));
    }
    boolean ofCells =
        height * width > 1 && weights.length == (long) height * width * channels * classes;
    if (!ofCells && weights.length != (long) channels * classes) {
      throw new IllegalArgumentException(
          "%s weights, expected %s x %s".formatted(weights.length, channels, classes));
    }
    if (bias.length != classes) {
      throw new IllegalArgumentException("%s biases, expected %s".formatted(bias.length, classes));
    }
    this.cells = height * width;
    this.channels = channels;
    this.classes = classes;
    this.weights = new double[classes][(channels + TAPS - 1) / TAPS * TAPS];
    this.cellWeights = ofCells ? weights.clone() : new float[0];
    for (int k = 0; !ofCells && k < channels; k++) {
      for (int c = 0; c < classes; c++) {
        this.weights[c][k] = weights[k * classes + c];
      }
    }
    this.bias = bias.clone();
  }

  /**
   * The maps of every class for a batch of images.
   *
   * @param features (images, h, w, K) row-major: the last convolution's output after its
   *     activation; may be longer
   * @param maps receives (images, C, h, w) row-major; may be longer
   */
  public void maps(float[] features, int images, float[] maps) {
    if (images < 0) {
      throw new IllegalArgumentException("maps of " + images + " images, expected at least 0");
    }
    Bounds.require(
        "features of " + images + " images",
        features,
        0,
        Math.multiplyExact(images, cells * channels));
    Bounds.require(
        "maps of " + images + " images", maps, 0, Math.multiplyExact(images, cells * classes));
    if (cellWeights.length > 0) {
      mapsOfCells(features, images, maps);
      return;
    }
    int block = Math.min(images, Math.max(1, BLOCK_CELLS / cells));
    double[][] planes = new double[weights[0].length][block * cells];
    double[] sum = new double[block * cells];
    for (int first = 0; first < images; first += block) {
      int count = Math.min(images - first, block);
      transpose(features, first * cells, count * cells, planes);
      for (int c = 0; c < classes; c++) {
        Arrays.fill(sum, 0);
        double[] w = weights[c];
        for (int k = 0; k < w.length; k += TAPS) {
          add(
              sum,
              w[k],
              planes[k],
              w[k + 1],
              planes[k + 1],
              w[k + 2],
              planes[k + 2],
              w[k + 3],
              planes[k + 3]);
        }
        for (int image = 0; image < count; image++) {
          int map = ((first + image) * classes + c) * cells;
          for (int cell = 0; cell < cells; cell++) {
            maps[map + cell] = (float) sum[image * cells + cell];
          }
        }
      }
    }
  }

  private void mapsOfCells(float[] features, int images, float[] maps) {
    double[] sums = new double[classes];
    for (int n = 0; n < images; n++) {
      for (int cell = 0; cell < cells; cell++) {
        Arrays.fill(sums, 0);
        for (int k = 0; k < channels; k++) {
          double value = features[(n * cells + cell) * channels + k];
          int from = (cell * channels + k) * classes;
          for (int c = 0; c < classes; c++) {
            sums[c] += value * cellWeights[from + c];
          }
        }
        for (int c = 0; c < classes; c++) {
          maps[(n * classes + c) * cells + cell] = (float) (cells * sums[c]);
        }
      }
    }
  }

  /**
   * The map of one class for one image, to the last bit that of {@link #maps}.
   *
   * @param features (h, w, K) from {@code featuresOffset}
   * @param map receives (h, w) from {@code mapOffset}
   */
  public void map(float[] features, int featuresOffset, int c, float[] map, int mapOffset) {
    Bounds.require("features", features, featuresOffset, cells * channels);
    Bounds.require("map", map, mapOffset, cells);
    for (int cell = 0; cell < cells; cell++) {
      int from = featuresOffset + cell * channels;
      double sum = 0;
      if (cellWeights.length > 0) {
        for (int k = 0; k < channels; k++) {
          sum += (double) features[from + k] * cellWeights[(cell * channels + k) * classes + c];
        }
        sum *= cells;
      }
      for (int k = 0; cellWeights.length == 0 && k < channels; k += TAPS) {
        double taps = 0;
        for (int tap = k; tap < Math.min(channels, k + TAPS); tap++) {
          taps += weights[c][tap] * features[from + tap];
        }
        sum += taps;
      }
      map[mapOffset + cell] = (float) sum;
    }
  }

  /**
   * (cells, K) to (K, cells), a few channels at a time: one by one, every value would be on a cache
   * line of its own, read or written.
   */
  private void transpose(float[] features, int firstCell, int count, double[][] planes) {
    int whole = channels / TAPS * TAPS;
    for (int k = 0; k < whole; k += TAPS) {
      double[] a = planes[k];
      double[] b = planes[k + 1];
      double[] c = planes[k + 2];
      double[] d = planes[k + 3];
      for (int cell = 0; cell < count; cell++) {
        int from = (firstCell + cell) * channels + k;
        a[cell] = features[from];
        b[cell] = features[from + 1];
        c[cell] = features[from + 2];
        d[cell] = features[from + 3];
      }
    }
    for (int k = whole; k < channels; k++) {
      for (int cell = 0; cell < count; cell++) {
        planes[k][cell] = features[(firstCell + cell) * channels + k];
      }
    }
  }

  private static void add(
      double[] sum,
      double a,
      double[] as,
      double b,
      double[] bs,
      double c,
      double[] cs,
      double d,
      double[] ds) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += a * as[i] + b * bs[i] + c * cs[i] + d * ds[i];
    }
  }

  /**
   * How far one image's maps are from its logits: max over c of |mean over y, x of CAM_c(y, x) +
   * bias_c - logit_c|. Rounding to single precision leaves about 1e-7 of the values' size; NaN if
   * any value is.
   *
   * @param maps (C, h, w) from {@code mapsOffset}
   * @param logits (C) from {@code logitsOffset}: the dense layer's output before softmax
   */
  public float audit(float[] maps, int mapsOffset, float[] logits, int logitsOffset) {
    return audit(maps, mapsOffset, logits, logitsOffset, IntStream.range(0, classes).toArray());
  }

  /** The same of maps of some classes, one after the other. */
  public float audit(
      float[] maps, int mapsOffset, float[] logits, int logitsOffset, int... mapped) {
    Bounds.require("maps", maps, mapsOffset, mapped.length * cells);
    Bounds.require("logits", logits, logitsOffset, classes);
    double worst = 0;
    for (int i = 0; i < mapped.length; i++) {
      int c = mapped[i];
      double sum = 0;
      for (int cell = 0; cell < cells; cell++) {
        sum += maps[mapsOffset + i * cells + cell];
      }
      worst = Math.max(worst, Math.abs(sum / cells + bias[c] - logits[logitsOffset + c]));
    }
    return (float) worst;
  }
}
