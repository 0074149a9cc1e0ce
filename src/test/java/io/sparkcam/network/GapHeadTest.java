package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.testing.Distance;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the formulas as they stand, in double precision. */
class GapHeadTest {
  private static final int BATCH = 5;
  private static final int CELLS = 6;
  private static final int CLASSES = 3;
  private static final int OFFSET = 11;

  /** Sums of up to 33 values below 1 in single precision. */
  private static final double TOLERANCE = 1e-5;

  private static float[] random(int length, long seed) {
    float[] values = new float[length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static double[] pooled(int channels, float[] features) {
    double[] pooled = new double[BATCH * channels];
    for (int n = 0; n < BATCH; n++) {
      for (int cell = 0; cell < CELLS; cell++) {
        for (int k = 0; k < channels; k++) {
          pooled[n * channels + k] += features[(n * CELLS + cell) * channels + k] / (double) CELLS;
        }
      }
    }
    return pooled;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 33})
  void forward(int channels) {
    GapHead head = new GapHead(CELLS, channels, CLASSES);
    assertEquals(channels * CLASSES + CLASSES, head.parameterCount());
    float[] features = random(BATCH * CELLS * channels, 1);
    float[] parameters = random(OFFSET + head.parameterCount(), 2);
    float[] pooled = random(BATCH * channels, 3);
    head.pool(BATCH, features, pooled);
    double[] expected = pooled(channels, features);
    assertTrue(Distance.largest(floats(expected), pooled) < TOLERANCE);

    float[] logits = random(BATCH * CLASSES, 4);
    head.logits(BATCH, pooled, parameters, OFFSET, logits);
    float[] probabilities = random(BATCH * CLASSES, 5);
    head.softmax(BATCH, logits, probabilities);
    for (int n = 0; n < BATCH; n++) {
      double[] row = new double[CLASSES];
      for (int c = 0; c < CLASSES; c++) {
        row[c] = parameters[OFFSET + channels * CLASSES + c];
        for (int k = 0; k < channels; k++) {
          row[c] += parameters[OFFSET + c * channels + k] * expected[n * channels + k];
        }
        assertEquals(row[c], logits[n * CLASSES + c], TOLERANCE);
      }
      double sum = Arrays.stream(row).map(Math::exp).sum();
      for (int c = 0; c < CLASSES; c++) {
        assertEquals(Math.exp(row[c]) / sum, probabilities[n * CLASSES + c], TOLERANCE);
      }
    }
  }

  @Test
  void softmaxOfHugeLogits() {
    float[] probabilities = new float[6];
    new GapHead(1, 1, 3)
        .softmax(2, new float[] {1e30f, 1e30f, -1e30f, -1e30f, -1e30f, -1e30f}, probabilities);
    assertEquals(0.5, probabilities[0]);
    assertEquals(0.5, probabilities[1]);
    assertEquals(0, probabilities[2]);
    assertEquals(1 / 3.0, probabilities[3], 1e-7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 33})
  void backward(int channels) {
    GapHead head = new GapHead(CELLS, channels, CLASSES);
    float[] pooled = random(BATCH * channels, 1);
    float[] errors = random(BATCH * CLASSES, 2);
    float[] parameters = random(OFFSET + head.parameterCount(), 3);
    float[] before = random(parameters.length, 4);
    float[] gradients = before.clone();
    float[] byFeatures = random(BATCH * CELLS * channels, 5);
    head.backward(BATCH, pooled, errors, parameters, gradients, OFFSET, byFeatures);

    double[] expected = new double[head.parameterCount()];
    for (int n = 0; n < BATCH; n++) {
      for (int c = 0; c < CLASSES; c++) {
        double error = errors[n * CLASSES + c];
        expected[channels * CLASSES + c] += error;
        for (int k = 0; k < channels; k++) {
          expected[c * channels + k] += error * pooled[n * channels + k];
        }
      }
      for (int cell = 0; cell < CELLS; cell++) {
        for (int k = 0; k < channels; k++) {
          double sum = 0;
          for (int c = 0; c < CLASSES; c++) {
            sum += errors[n * CLASSES + c] * (double) parameters[OFFSET + c * channels + k];
          }
          assertEquals(sum / CELLS, byFeatures[(n * CELLS + cell) * channels + k], TOLERANCE);
        }
      }
    }
    assertTrue(
        Distance.largest(floats(expected), Arrays.copyOfRange(gradients, OFFSET, gradients.length))
            < TOLERANCE);
    // What lies before the offset is the trunk's.
    assertEquals(
        0, Distance.largest(Arrays.copyOf(before, OFFSET), Arrays.copyOf(gradients, OFFSET)));
  }
}
