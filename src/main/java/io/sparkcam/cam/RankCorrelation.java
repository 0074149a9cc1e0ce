package io.sparkcam.cam;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Spearman's rank correlation. */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * Pearson's correlation of the ranks of two maps' values; equal values have the mean of their
   * ranks.
   *
   * @param map holds {@code count} values from {@code offset} on, the other from {@code
   *     otherOffset} on
   * @return -1 to 1; 0 where all values of one of them are equal
   */
  public static double of(float[] map, int offset, float[] other, int otherOffset, int count) {
    Bounds.require("map", map, offset, count);
    Bounds.require("map", other, otherOffset, count);
    double[] x = ranks(map, offset, count);
    double[] y = ranks(other, otherOffset, count);
    double middle = (count - 1) / 2.0;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < count; i++) {
      xy += (x[i] - middle) * (y[i] - middle);
      xx += (x[i] - middle) * (x[i] - middle);
      yy += (y[i] - middle) * (y[i] - middle);
    }
    return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
  }

  private static double[] ranks(float[] map, int offset, int count) {
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> map[offset + i] + 0f)) // -0 + 0 is 0
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[count];
    for (int first = 0; first < count; ) {
      int end = first + 1;
      while (end < count && map[offset + order[end]] == map[offset + order[first]]) {
        end++;
      }
      double rank = (first + end - 1) / 2.0;
      Arrays.stream(order, first, end).forEach(i -> ranks[i] = rank);
      first = end;
    }
    return ranks;
  }
}
