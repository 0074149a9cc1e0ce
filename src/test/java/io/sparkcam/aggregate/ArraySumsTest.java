package io.sparkcam.aggregate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArraySumsTest {
  @Test
  void meanAndPopulationVariance() {
    ArraySums sums = new ArraySums();
    sums.add(new float[] {1, -2});
    sums.add(new float[] {3, -2});
    assertEquals(2, sums.count());
    assertArrayEquals(new float[] {2, -2}, sums.means());
    assertArrayEquals(new float[] {1, 0}, sums.variances());
  }

  /** In plain doubles the small values would be lost between the large ones. */
  @Test
  void largeValuesDoNotSwallowSmallOnes() {
    ArraySums sums = new ArraySums();
    sums.add(new float[] {0x1p60f});
    sums.add(new float[] {1});
    sums.add(new float[] {1});
    sums.add(new float[] {-0x1p60f});
    assertArrayEquals(new float[] {0.5f}, sums.means());
  }

  @Test
  void orderAndPartsDoNotChangeAnything() {
    Random random = new Random(1);
    List<float[]> arrays = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      arrays.add(
          new float[] {
            (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6)),
            random.nextFloat()
          });
    }
    ArraySums whole = new ArraySums();
    arrays.forEach(whole::add);
    for (int parts = 1; parts < 10; parts++) {
      Collections.shuffle(arrays, random);
      ArraySums merged = new ArraySums();
      for (int part = 0; part < parts; part++) {
        ArraySums sums = new ArraySums();
        for (int i = part; i < arrays.size(); i += parts) {
          sums.add(arrays.get(i));
        }
        merged.add(sums);
      }
      merged.add(new ArraySums());
      assertArrayEquals(whole.means(), merged.means());
      assertArrayEquals(whole.variances(), merged.variances());
    }
  }

  @Test
  void otherLengthIsRefused() {
    ArraySums sums = new ArraySums();
    sums.add(new float[3]);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> sums.add(new float[2]));
    assertEquals("array of 2 values, expected 3 as before", refused.getMessage());
  }
}
