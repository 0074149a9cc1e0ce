package io.sparkcam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPointSumsTest {
  /** Each value is rounded by half a unit of 2^-56 at most, and the sum once to a double. */
  @Test
  void sumsAreThoseOfDecimalArithmetic() {
    Random random = new Random(1);
    FixedPointSums sums = new FixedPointSums(2);
    BigDecimal expected = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    int count = 1000;
    for (int i = 0; i < count; i++) {
      float value = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 6));
      sums.add(0, new float[] {value}, 0, 1);
      sums.addSquares(1, new float[] {value}, 0, 1);
      expected = expected.add(new BigDecimal(value));
      squares = squares.add(new BigDecimal(value).pow(2));
    }
    double tolerance = count * 0x1p-57;
    assertEquals(expected.doubleValue(), sums.sum(0), tolerance + Math.ulp(expected.doubleValue()));
    assertEquals(squares.doubleValue(), sums.sum(1), tolerance + Math.ulp(squares.doubleValue()));
  }

  @Test
  void largeValuesDoNotSwallowSmallOnes() {
    FixedPointSums sums = new FixedPointSums(1);
    for (double value : new double[] {0x1p37, 0x1p-56, 0x1p-56, -0x1p37}) {
      sums.add(0, value);
    }
    assertEquals(0x1p-55, sums.sum(0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p38, -0x1p38, Double.NaN, Double.POSITIVE_INFINITY})
  void whatDoesNotFitIsRefused(double value) {
    FixedPointSums sums = new FixedPointSums(1);
    ArithmeticException refused = assertThrows(ArithmeticException.class, () -> sums.add(0, value));
    assertEquals("value " + value + " is too large to be summed up", refused.getMessage());
  }

  @Test
  void overflowingSumsAreErrors() throws IOException {
    FixedPointSums sums = new FixedPointSums(1);
    double most = Math.nextDown(0x1p38);
    sums.add(0, most);
    sums.add(0, most);
    assertThrows(ArithmeticException.class, () -> sums.add(0, most));
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    FixedPointSums others = new FixedPointSums(1);
    others.add(0, most);
    others.write(new DataOutputStream(written));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(written.toByteArray()));
    assertThrows(ArithmeticException.class, () -> sums.addWritten(in));
  }
}
