package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InsertionDeletionCurveTest {
  @Test
  void strongestPixelsComeFirstAndOfEqualOnesTheFirst() {
    float[] map = {9, -0.0f, -1, 3, 0, 3, Float.NEGATIVE_INFINITY, -0.5f};
    assertArrayEquals(new int[] {2, 4, 0, 3, 6, 1, 5}, InsertionDeletionCurve.ranking(map, 1, 7));
  }

  @Test
  void stepsShareThePixelsOut() {
    assertArrayEquals(
        IntStream.rangeClosed(0, 28).map(point -> point * 28).toArray(),
        IntStream.rangeClosed(0, 28)
            .map(point -> InsertionDeletionCurve.changed(point, 784))
            .toArray());
    assertEquals(0, InsertionDeletionCurve.changed(0, 1000));
    assertEquals(35, InsertionDeletionCurve.changed(1, 1000));
    assertEquals(1000, InsertionDeletionCurve.changed(28, 1000));
    assertEquals(1 << 24, InsertionDeletionCurve.changed(28, 1 << 24));
  }

  @Test
  void areasAreTrapezoids() {
    float[] curve = new float[31];
    Arrays.fill(curve, 1, 30, 1f);
    assertEquals(1, InsertionDeletionCurve.area(curve, 1, 30));
    for (int point = 0; point <= 28; point++) {
      curve[1 + point] = point / 28f;
    }
    assertEquals(0.5f, InsertionDeletionCurve.area(curve, 1, 30));
    // The first point alone is half a step.
    float[] first = new float[29];
    first[0] = 1;
    assertEquals(1 / 56f, InsertionDeletionCurve.area(first, 0, 29));
  }
}
