package io.sparkcam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DigitCountsTest {
  private static final float[] ASCENDING = {
    Float.NEGATIVE_INFINITY,
    -Float.MAX_VALUE,
    -2,
    Math.nextDown(-1),
    -1,
    -Float.MIN_VALUE,
    0,
    Float.MIN_VALUE,
    1,
    Math.nextUp(1),
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NaN
  };

  @Test
  void numbersAscendWithTheValues() {
    for (int i = 0; i < ASCENDING.length; i++) {
      long order = DigitCounts.order(ASCENDING[i]);
      assertEquals(ASCENDING[i], DigitCounts.value((int) (order >>> 12), (int) (order & 0xfff)));
      assertTrue(order >= 0 && order < 1L << 32);
      assertTrue(i == 0 || order > DigitCounts.order(ASCENDING[i - 1]), "value " + ASCENDING[i]);
    }
  }

  @Test
  void zerosAreAlike() {
    assertEquals(DigitCounts.order(0f), DigitCounts.order(-0f));
  }
}
