package io.sparkcam.training;

import io.sparkcam.cluster.FloatBytes;
import java.util.Arrays;
import java.util.List;

/**
 * The average of the workers' states, weighted by the examples each trained on, added in shard
 * order in double precision.
 */
final class WeightedAverage {
  /** Values averaged together: few enough for the sums to stay in the cache. */
  private static final int PIECE = 2048;

  private WeightedAverage() {}

  /** Average of {@code results}; those that saw no example count for nothing. */
  static float[] of(List<RoundResult> results) {
    long all = results.stream().mapToLong(RoundResult::examples).sum();
    if (all == 0) {
      throw new IllegalArgumentException("no worker trained on anything");
    }
    List<RoundResult> trained = results.stream().filter(result -> result.examples() > 0).toList();
    float[] average = new float[trained.get(0).state().length / Float.BYTES];
    double[] sums = new double[PIECE];
    float[] values = new float[PIECE];
    for (int first = 0; first < average.length; first += PIECE) {
      int count = Math.min(PIECE, average.length - first);
      Arrays.fill(sums, 0);
      for (RoundResult result : trained) {
        FloatBytes.read(result.state(), first, values, count);
        add(sums, (double) result.examples() / all, values);
      }
      for (int i = 0; i < count; i++) {
        average[first + i] = (float) sums[i];
      }
    }
    return average;
  }

  private static void add(double[] sums, double weight, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * values[i];
    }
  }
}
