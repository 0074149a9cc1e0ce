package io.sparkcam.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageShape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentationTest {
  private static final ImageShape SHAPE = new ImageShape(5, 6, 2);
  private static final int COUNT = 4000;

  private static float[] images(int count) {
    float[] pixels = new float[count * SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 1 + i % SHAPE.size();
    }
    return pixels;
  }

  private static float[] augmented(
      Augmentation augmentation, int worker, int count, long seed, long step) {
    float[] pixels = images(count);
    augmentation.apply(new Worker(worker), count, pixels, seed, step);
    return pixels;
  }

  /** Of whom an augmentation asks nothing but its number and the shape. */
  private record Worker(int worker) implements WorkerImages {
    @Override
    public ImageShape shape() {
      return SHAPE;
    }

    @Override
    public long count() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int[] read(long from, int count, float[] pixels) {
      throw new UnsupportedOperationException();
    }
  }

  /** One image moved and mirrored as the definition says, pixel by pixel. */
  private static float[] expected(boolean mirrored, int down, int right) {
    float[] image = images(1);
    float[] moved = new float[image.length];
    for (int c = 0; c < 2; c++) {
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 6; x++) {
          int toY = y + down;
          int toX = (mirrored ? 5 - x : x) + right;
          if (toY >= 0 && toY < 5 && toX >= 0 && toX < 6) {
            moved[(c * 5 + toY) * 6 + toX] = image[(c * 5 + y) * 6 + x];
          }
        }
      }
    }
    return moved;
  }

  /** All 50 ways to move and mirror an image occur about as often, and nothing else occurs. */
  @Test
  void shiftsAndFlipsAreUniform() {
    float[] pixels = augmented(Augmentation.SHIFTS_AND_FLIPS, 1, COUNT, 42, 3);
    Map<String, Integer> counts = new HashMap<>();
    for (int n = 0; n < COUNT; n++) {
      counts.merge(
          Arrays.toString(Arrays.copyOfRange(pixels, n * SHAPE.size(), (n + 1) * SHAPE.size())),
          1,
          Integer::sum);
    }
    assertEquals(50, counts.size());
    for (int down = -2; down <= 2; down++) {
      for (int right = -2; right <= 2; right++) {
        for (boolean mirrored : new boolean[] {false, true}) {
          // 80 expected, a standard deviation of 8.9.
          int found = counts.getOrDefault(Arrays.toString(expected(mirrored, down, right)), 0);
          assertTrue(found > 35 && found < 125, down + " " + right + " " + mirrored + ": " + found);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"43, 3, 1", "42, 4, 1", "42, 3, 2"})
  void seedStepAndWorkerChangeWhatHappens(long seed, long step, int worker) {
    float[] some = augmented(Augmentation.FLIPS, 1, 100, 42, 3);
    assertArrayEquals(some, augmented(Augmentation.FLIPS, 1, 100, 42, 3));
    assertFalse(Arrays.equals(some, augmented(Augmentation.FLIPS, worker, 100, seed, step)));
    assertArrayEquals(images(100), augmented(Augmentation.NONE, worker, 100, seed, step));
  }
}
