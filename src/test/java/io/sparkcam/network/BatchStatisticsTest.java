package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchStatisticsTest {

  /** One worker saw 1 and 3, the other 10, 12, 14 and 20: the pool is that of all six. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pooledVarianceIsThatOfAllImages(boolean logarithms) {
    BatchStatistics statistics = new BatchStatistics(1, 1, logarithms);
    float[] one = {0, 2, kept(1, logarithms)};
    float[] other = {0, 14, kept(14, logarithms)};
    float[] average = {0, 10, 0};
    BatchStatistics.pool(List.of(statistics), average, List.of(2L, 4L), List.of(one, other));
    double expected = (81 + 49 + 0 + 4 + 16 + 100) / 6.0;
    assertEquals(kept(expected, logarithms), average[2], 1e-4);
  }

  private static float kept(double variance, boolean logarithm) {
    return (float) (logarithm ? Math.log10(Math.sqrt(variance)) : variance);
  }
}
