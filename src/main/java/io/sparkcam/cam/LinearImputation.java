package io.sparkcam.cam;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Images of which pixels are removed by noisy linear imputation (Y. Rong, T. Leemann, V. Borisov,
 * G. Kasneci, E. Kasneci, "A Consistent and Efficient Evaluation Strategy for Attribution Methods",
 * ICML 2022, "ROAD"): a removed pixel is the weighted mean of its neighbours, removed or not, 1/6
 * each beside it and 1/12 each at its corners, without those that the image does not have:
 *
 * <pre>{@code x_i = sum over neighbours j of w_ij x_j / sum over neighbours j of w_ij}</pre>
 *
 * That is one linear system a channel, symmetric and positive definite where a pixel is left; it is
 * solved by conjugate gradients (M. Hestenes, E. Stiefel, 1952) up to a residual of 1e-7 of the
 * right side. Then Gaussian noise is added, so that the mask cannot be read off the smoothness.
 *
 * <p>Belongs to one thread at a time.
 */
public final class LinearImputation {
  /** Points of a curve: 0, 10, ..., 90% of the pixels are removed. */
  public static final int POINTS = 10;

  /** Standard deviation of the noise, of pixels in [0, 1], as the authors' program has it. */
  private static final double NOISE = 0.01;

  private static final double BESIDE = 1 / 6.0;
  private static final double CORNER = 1 / 12.0;
  private static final double RESIDUAL = 1e-7;

  private final int channels;
  private final int height;
  private final int width;
  private final boolean[] missing;
  private final double[] solution;
  private final double[] residual;
  private final double[] direction;
  private final double[] product;

  /** Imputes in images of this size, of at least 2 pixels. */
  public LinearImputation(int channels, int height, int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    int pixels = height * width;
    missing = new boolean[pixels];
    solution = new double[pixels];
    residual = new double[pixels];
    direction = new double[pixels];
    product = new double[pixels];
  }

  /** Pixels that are removed at a point from 0 to {@link #POINTS} - 1. */
  public static int removed(int point, int pixels) {
    return (int) ((long) pixels * point / POINTS);
  }

  /**
   * The noise of an image: the same whichever pixels are removed.
   *
   * @return {@code size} values of a Gaussian about 0 (G. Box, M. Muller, 1958)
   */
  public static float[] noise(int size, long seed, long id) {
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + id);
    float[] noise = new float[size];
    for (int i = 0; i < size; i++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      noise[i] = (float) (NOISE * radius * StrictMath.cos(2 * Math.PI * random.nextDouble()));
    }
    return noise;
  }

  /**
   * Removes pixels.
   *
   * @param order of the pixels
   * @param count how many of them, from the first on, are removed; at least one is left
   * @param image (C, H, W) from {@code imageOffset}, in [0, 1]
   * @param noise (C, H, W), added to what is imputed
   * @param target receives the image from {@code targetOffset}
   */
  public void impute(
      int[] order,
      int count,
      float[] image,
      int imageOffset,
      float[] noise,
      float[] target,
      int targetOffset) {
    int pixels = height * width;
    if (count < 0 || count >= pixels) {
      throw new IllegalArgumentException(
          "%s pixels to impute of %s, expected fewer".formatted(count, pixels));
    }
    Bounds.require("image", image, imageOffset, channels * pixels);
    Bounds.require("imputed image", target, targetOffset, channels * pixels);
    System.arraycopy(image, imageOffset, target, targetOffset, channels * pixels);
    Arrays.fill(missing, false);
    int[] removed = Arrays.copyOf(order, count);
    for (int pixel : removed) {
      missing[pixel] = true;
    }
    Arrays.sort(removed);
    for (int channel = 0; channel < channels; channel++) {
      solve(removed, image, imageOffset + channel * pixels);
      for (int pixel : removed) {
        int i = channel * pixels + pixel;
        target[targetOffset + i] = (float) (solution[pixel] + noise[i]);
      }
    }
  }

  private void solve(int[] removed, float[] image, int offset) {
    for (int pixel = 0; pixel < missing.length; pixel++) {
      // Neighbours that are there make the right side; what is missing starts at 0.
      direction[pixel] = missing[pixel] ? 0 : -image[offset + pixel];
      solution[pixel] = 0;
    }
    multiply(removed, residual);
    double square = 0;
    for (int pixel : removed) {
      square += residual[pixel] * residual[pixel];
    }
    Arrays.fill(direction, 0);
    for (int pixel : removed) {
      direction[pixel] = residual[pixel];
    }
    double enough = square * RESIDUAL * RESIDUAL;
    for (int round = 0; round < missing.length && square > enough; round++) {
      multiply(removed, product);
      double curvature = 0;
      for (int pixel : removed) {
        curvature += direction[pixel] * product[pixel];
      }
      double step = square / curvature;
      double before = square;
      square = 0;
      for (int pixel : removed) {
        solution[pixel] += step * direction[pixel];
        residual[pixel] -= step * product[pixel];
        square += residual[pixel] * residual[pixel];
      }
      for (int pixel : removed) {
        direction[pixel] = residual[pixel] + square / before * direction[pixel];
      }
    }
  }

  /** The system's matrix by the direction, at the pixels that are removed. */
  private void multiply(int[] removed, double[] result) {
    for (int pixel : removed) {
      int y = pixel / width;
      int x = pixel % width;
      double weights = 0;
      double sum = 0;
      for (int dy = y == 0 ? 0 : -1; dy <= (y == height - 1 ? 0 : 1); dy++) {
        for (int dx = x == 0 ? 0 : -1; dx <= (x == width - 1 ? 0 : 1); dx++) {
          if (dy != 0 || dx != 0) {
            double weight = dy == 0 || dx == 0 ? BESIDE : CORNER;
            weights += weight;
            sum += weight * direction[pixel + dy * width + dx];
          }
        }
      }
      result[pixel] = weights * direction[pixel] - sum;
    }
  }
}
