package io.sparkcam.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The average of the workers' states, weighted by the examples each trained on, added in shard
 * order in double precision.
 */
final class WeightedAverage {
  private WeightedAverage() {}

  /** Average of {@code results}; those that saw no example count for nothing. */
  static float[] of(List<RoundResult> results) {
    long all = results.stream().mapToLong(RoundResult::examples).sum();
    if (all == 0) {
      throw new IllegalArgumentException("no worker trained on anything");
    }
    double[] sums = null;
    float[] values = null;
    for (RoundResult result : results) {
      if (result.examples() == 0) {
        continue;
      }
      FloatBuffer state =
          ByteBuffer.wrap(result.state()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      if (sums == null) {
        values = new float[state.remaining()];
        sums = new double[values.length];
      }
      state.get(values);
      double weight = (double) result.examples() / all;
      for (int i = 0; i < values.length; i++) {
        sums[i] += weight * values[i];
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) sums[i];
    }
    return values;
  }
}
