package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.testing.DenseImputation;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearImputationTest {
  /** Up to 34 of 35 pixels, borders and corners among them, in both channels. */
  @ParameterizedTest
  @CsvSource({"5, 7, 1", "5, 7, 17", "5, 7, 34", "1, 9, 6", "12, 13, 140"})
  void removedPixelsAreThoseOfTheDenseSystem(int height, int width, int count) {
    SplittableRandom random = new SplittableRandom(count);
    int pixels = height * width;
    float[] image = new float[3 + 2 * pixels];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) random.nextDouble();
    }
    float[] map = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      map[i] = (float) random.nextDouble();
    }
    int[] order = InsertionDeletionCurve.ranking(map, 0, pixels);
    float[] noise = LinearImputation.noise(2 * pixels, 1, 2);
    float[] imputed = new float[1 + 2 * pixels];
    LinearImputation imputation = new LinearImputation(2, height, width);
    for (int again = 0; again < 2; again++) {
      imputation.impute(order, count, image, 3, noise, imputed, 1);
    }
    boolean[] missing = new boolean[pixels];
    Arrays.stream(order).limit(count).forEach(pixel -> missing[pixel] = true);
    for (int channel = 0; channel < 2; channel++) {
      int from = channel * pixels;
      double[] plain = IntStream.range(0, pixels).mapToDouble(i -> image[3 + from + i]).toArray();
      double[] expected = DenseImputation.imputed(height, width, missing, plain);
      for (int i = 0; i < pixels; i++) {
        double added = missing[i] ? noise[from + i] : 0;
        assertEquals(expected[i] + added, imputed[1 + from + i], 2e-6, "pixel " + i);
      }
    }
  }

  /** Of 40,000 values the mean has a deviation of 5e-5, the deviation one of 0.4%. */
  @Test
  void noiseIsGaussianAndEachImagesOwn() {
    float[] noise = LinearImputation.noise(40_000, 42, 7);
    double mean = 0;
    double square = 0;
    long within = 0;
    for (float value : noise) {
      mean += value / 40_000;
      square += value * value / 40_000;
      within += Math.abs(value) < 0.01 ? 1 : 0;
    }
    assertEquals(0, mean, 2e-4);
    assertEquals(0.01, Math.sqrt(square), 2e-4);
    assertEquals(0.6827, within / 40_000.0, 0.01);
    assertArrayEquals(noise, LinearImputation.noise(40_000, 42, 7));
    assertEquals(false, Arrays.equals(noise, LinearImputation.noise(40_000, 42, 8)));
  }

  @Test
  void onePixelAtLeastIsLeft() {
    LinearImputation imputation = new LinearImputation(1, 1, 2);
    float[] two = new float[2];
    assertEquals(
        "2 pixels to impute of 2, expected fewer",
        assertThrows(
                IllegalArgumentException.class,
                () -> imputation.impute(new int[] {0, 1}, 2, two, 0, two, new float[2], 0))
            .getMessage());
  }
}
