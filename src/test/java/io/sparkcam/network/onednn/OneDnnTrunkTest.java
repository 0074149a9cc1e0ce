package io.sparkcam.network.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.Trunk.Stage;
import io.sparkcam.network.TrunkEngine;
import io.sparkcam.network.TrunkEngine.Layout;
import io.sparkcam.testing.Distance;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OneDnnTrunkTest {
  private static final Trunk TINY =
      new Trunk(
          7, 6, 2, List.of(new Stage(3, 3, true), new Stage(5, 1, false), new Stage(4, 3, false)));

  private static FloatPointer random(int length, long seed) {
    FloatPointer values = new FloatPointer((long) length);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < length; i++) {
      values.put(i, (float) random.nextDouble(-0.5, 1));
    }
    return values;
  }

  private static float[] floats(FloatPointer pointer) {
    float[] values = new float[Math.toIntExact(pointer.limit())];
    pointer.get(values);
    return values;
  }

  /** Features, then the gradients of their sum weighted by {@code weights}. */
  private static float[][] through(
      TrunkEngine engine,
      int batch,
      FloatPointer images,
      FloatPointer parameters,
      FloatPointer weights) {
    FloatPointer features = new FloatPointer((long) batch * TINY.featureSize());
    FloatPointer gradients = new FloatPointer((long) TINY.parameterCount());
    engine.forward(batch, images, parameters, features);
    engine.backward(weights, gradients);
    return new float[][] {floats(features), floats(gradients)};
  }

  /**
   * Central differences of the weighted sum of all features. Between the kinks of ReLU and pooling
   * it is linear in any one parameter, so the step makes no error by its length: it is long, for
   * the rounding of the features (1e-7 of values up to 10, summed at random) to weigh little, and
   * short enough to meet few kinks. That leaves 1e-4 of an array's norm where no kink is met, as
   * with these numbers.
   */
  @ParameterizedTest
  @EnumSource(Layout.class)
  void gradientsAreSlopes(Layout layout) {
    int batch = 2;
    float step = 1f / 512;
    FloatPointer images = random(batch * TINY.inputSize(), 1);
    FloatPointer parameters = random(TINY.parameterCount(), 2);
    FloatPointer weights = random(batch * TINY.featureSize(), 3);
    try (TrunkEngine engine = new OneDnnTrunk(TINY, layout)) {
      float[] gradients = through(engine, batch, images, parameters, weights)[1];
      float[] slopes = new float[gradients.length];
      for (int i = 0; i < slopes.length; i++) {
        float value = parameters.get(i);
        parameters.put(i, value + step);
        double above = weightedSum(engine, batch, images, parameters, weights);
        parameters.put(i, value - step);
        double below = weightedSum(engine, batch, images, parameters, weights);
        parameters.put(i, value);
        slopes[i] = (float) ((above - below) / ((double) (value + step) - (value - step)));
      }
      for (int stage = 0; stage < TINY.stages().size(); stage++) {
        int bias = TINY.biasOffset(stage);
        int kernel = bias + TINY.stages().get(stage).filters();
        int end = kernel + TINY.weightCount(stage);
        assertTrue(Distance.relative(slopes, gradients, bias, kernel) < 1e-3, "b" + (stage + 1));
        assertTrue(Distance.relative(slopes, gradients, kernel, end) < 1e-3, "W" + (stage + 1));
      }
    }
  }

  private static double weightedSum(
      TrunkEngine engine,
      int batch,
      FloatPointer images,
      FloatPointer parameters,
      FloatPointer weights) {
    FloatPointer features = new FloatPointer((long) batch * TINY.featureSize());
    engine.infer(batch, images, parameters, features);
    double sum = 0;
    for (int i = 0; i < features.limit(); i++) {
      sum += (double) features.get(i) * weights.get(i);
    }
    return sum;
  }

  @Test
  void layoutsHoldTheSameValues() {
    FloatPointer images = random(3 * TINY.inputSize(), 1);
    FloatPointer parameters = random(TINY.parameterCount(), 2);
    FloatPointer first = new FloatPointer((long) 3 * TINY.featureSize());
    FloatPointer last = new FloatPointer((long) 3 * TINY.featureSize());
    try (TrunkEngine channelsFirst = new OneDnnTrunk(TINY, Layout.CHANNELS_FIRST);
        TrunkEngine channelsLast = new OneDnnTrunk(TINY, Layout.CHANNELS_LAST)) {
      channelsFirst.infer(3, images, parameters, first);
      channelsLast.infer(3, images, parameters, last);
    }
    int cells = TINY.featureCells();
    int channels = TINY.featureChannels();
    for (int n = 0; n < 3; n++) {
      for (int cell = 0; cell < cells; cell++) {
        for (int k = 0; k < channels; k++) {
          assertEquals(
              first.get((n * channels + k) * cells + cell),
              last.get((n * cells + cell) * channels + k));
        }
      }
    }
  }

  /** Other batches, other sizes and inference in between leave no trace. */
  @Test
  void historyDoesNotChangeResults() {
    FloatPointer images = random(4 * TINY.inputSize(), 1);
    FloatPointer parameters = random(TINY.parameterCount(), 2);
    FloatPointer weights = random(4 * TINY.featureSize(), 3);
    float[][] fresh;
    try (TrunkEngine engine = new OneDnnTrunk(TINY, Layout.CHANNELS_LAST)) {
      fresh = through(engine, 4, images, parameters, weights);
    }
    try (TrunkEngine engine = new OneDnnTrunk(TINY, Layout.CHANNELS_LAST)) {
      FloatPointer otherImages = random(9 * TINY.inputSize(), 4);
      FloatPointer otherParameters = random(TINY.parameterCount(), 5);
      FloatPointer otherWeights = random(9 * TINY.featureSize(), 6);
      through(engine, 4, otherImages, otherParameters, otherWeights);
      through(engine, 9, otherImages, otherParameters, otherWeights);
      FloatPointer features = new FloatPointer((long) 4 * TINY.featureSize());
      FloatPointer gradients = new FloatPointer((long) TINY.parameterCount());
      engine.forward(4, images, parameters, features);
      engine.infer(4, otherImages, otherParameters, new FloatPointer(features.limit()));
      engine.backward(weights, gradients);
      assertArrayEquals(fresh[0], floats(features));
      assertArrayEquals(fresh[1], floats(gradients));
    }
  }

  @Test
  void inferenceGivesTheFeaturesOfTraining() {
    FloatPointer images = random(4 * TINY.inputSize(), 1);
    FloatPointer parameters = random(TINY.parameterCount(), 2);
    FloatPointer features = new FloatPointer((long) 4 * TINY.featureSize());
    try (TrunkEngine engine = new OneDnnTrunk(TINY, Layout.CHANNELS_LAST)) {
      engine.infer(4, images, parameters, features);
      float[][] trained = through(engine, 4, images, parameters, random(4 * TINY.featureSize(), 3));
      // Another kernel, another order of sums.
      assertTrue(Distance.relative(trained[0], floats(features)) < 1e-6);
    }
  }

  @Test
  void backwardNeedsForward() {
    try (TrunkEngine engine = new OneDnnTrunk(TINY, Layout.CHANNELS_LAST)) {
      FloatPointer nothing = new FloatPointer(1L);
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> engine.backward(nothing, nothing));
      assertEquals("backward before forward", thrown.getMessage());
    }
  }
}
