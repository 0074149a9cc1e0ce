package io.sparkcam.cam;

import java.util.Arrays;

/**
 * The insertion and deletion curves of V. Petsiuk, A. Das, K. Saenko, "RISE: Randomized Input
 * Sampling for Explanation of Black-box Models", BMVC 2018: a class's probability while the pixels
 * that a map ranks highest appear in an empty image, or vanish from a whole one.
 *
 * <p>As in the paper, deleted pixels are 0. For insertion the paper blurs the whole image first,
 * because sharp pixels on an even canvas look like evidence; here they appear in black, which is
 * the ground that the images of this kind stand on, and which needs no width of a blur. The paper
 * changes 224 pixels of 224 x 224 at a time, one row's worth; so do {@value #STEPS} steps with 28 x
 * 28.
 */
public final class InsertionDeletionCurve {
  /** Steps from the first point of a curve to its last. */
  public static final int STEPS = 28;

  /** Points of a curve. */
  public static final int POINTS = STEPS + 1;

  private InsertionDeletionCurve() {}

  /**
   * All pixels of a map, the largest value first, of equal values the first in row-major order;
   * what is no number comes first.
   *
   * @param map holds {@code pixels} values from {@code offset}, signed: values below 0 rank, too
   */
  public static int[] ranking(float[] map, int offset, int pixels) {
    Bounds.require("map", map, offset, pixels);
    long[] keys = new long[pixels];
    for (int pixel = 0; pixel < pixels; pixel++) {
      int bits = Float.floatToIntBits(map[offset + pixel] + 0f); // -0 + 0 is 0
      int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      keys[pixel] = (long) ~ascending << Integer.SIZE | pixel;
    }
    Arrays.sort(keys);
    int[] ranking = new int[pixels];
    for (int place = 0; place < pixels; place++) {
      ranking[place] = (int) keys[place];
    }
    return ranking;
  }

  /** Pixels that are changed at a point from 0 to {@link #STEPS}: all at the last. */
  public static int changed(int point, int pixels) {
    return (int) ((long) pixels * point / STEPS);
  }

  /**
   * The area under a curve over the share of changed pixels, by the trapezoidal rule: 0 to 1, the
   * larger the better for insertion, the smaller the better for deletion.
   *
   * @param probabilities of which those {@code from} up to but without {@code end} are the curve
   */
  public static float area(float[] probabilities, int from, int end) {
    return area(Arrays.copyOfRange(probabilities, from, end));
  }

  /** The area under a whole curve of at least two points at even distances. */
  public static float area(float... probabilities) {
    int steps = probabilities.length - 1;
    double sum = (probabilities[0] + (double) probabilities[steps]) / 2;
    for (int point = 1; point < steps; point++) {
      sum += probabilities[point];
    }
    return (float) (sum / steps);
  }
}
