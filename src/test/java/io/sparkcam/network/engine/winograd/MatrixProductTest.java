package io.sparkcam.network.engine.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.testing.Distance;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixProductTest {
  private static final int L = Lanes.COUNT;

  /** Every array begins with this, which nobody may touch. */
  private static final int OFFSET = 5;

  private static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[OFFSET + length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Rows fewer than a block, a block and some; one vector of columns, two, three. */
  @ParameterizedTest
  @CsvSource({"1,16,1", "7,3,2", "8,16,1", "8,16,2", "11,32,3", "64,9,4"})
  void multiplies(int rows, int inner, int vectors) {
    int columns = vectors * L;
    float[] a = random(rows * inner, 1);
    float[] b = random(inner * columns, 2);
    float[] c = random(rows * columns, 3);
    float[] expected = c.clone();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += (double) a[OFFSET + row * inner + k] * b[OFFSET + k * columns + column];
        }
        expected[OFFSET + row * columns + column] = (float) sum;
      }
    }
    MatrixProduct.multiply(rows, a, OFFSET, inner, b, OFFSET, columns, c, OFFSET);
    assertTrue(Distance.relative(expected, c) < 1e-6);
    assertArrayEquals(Arrays.copyOf(expected, OFFSET), Arrays.copyOf(c, OFFSET));
  }

  /** To the last bit, so that a batch does not change what is said of an image. */
  @ParameterizedTest
  @CsvSource({"1,2", "3,3", "9,1", "15,2"})
  void rowsDoNotDependOnTheRowsBeside(int rows, int vectors) {
    int inner = 32;
    int columns = vectors * L;
    float[] a = random(64 * inner, 1);
    float[] b = random(inner * columns, 2);
    float[] all = new float[OFFSET + 64 * columns];
    float[] some = new float[OFFSET + rows * columns];
    MatrixProduct.multiply(64, a, OFFSET, inner, b, OFFSET, columns, all, OFFSET);
    int first = 21;
    MatrixProduct.multiply(
        rows, a, OFFSET + first * inner, inner, b, OFFSET, columns, some, OFFSET);
    assertArrayEquals(
        Arrays.copyOfRange(all, OFFSET + first * columns, OFFSET + (first + rows) * columns),
        Arrays.copyOfRange(some, OFFSET, some.length));
  }

  @ParameterizedTest
  @CsvSource({"1,8,1", "5,16,2", "33,24,3"})
  void addsTransposedProduct(int rows, int aColumns, int vectors) {
    int bColumns = vectors * L;
    float[] a = random(rows * aColumns, 1);
    float[] b = random(rows * bColumns, 2);
    float[] c = random(aColumns * bColumns, 3);
    float[] expected = c.clone();
    for (int i = 0; i < aColumns; i++) {
      for (int j = 0; j < bColumns; j++) {
        double sum = c[OFFSET + i * bColumns + j];
        for (int row = 0; row < rows; row++) {
          sum += (double) a[OFFSET + row * aColumns + i] * b[OFFSET + row * bColumns + j];
        }
        expected[OFFSET + i * bColumns + j] = (float) sum;
      }
    }
    MatrixProduct.addTransposedProduct(rows, a, OFFSET, aColumns, b, OFFSET, bColumns, c, OFFSET);
    assertTrue(Distance.relative(expected, c) < 1e-6);
  }
}
