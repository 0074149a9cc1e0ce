package io.sparkcam.network.engine.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.Trunk.Stage;
import io.sparkcam.network.engine.ParameterOrder;
import io.sparkcam.testing.Distance;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What every {@link TrunkEngine} promises. */
class WinogradTrunkTest {
  private static final Trunk TINY =
      new Trunk(
          7, 6, 2, List.of(new Stage(3, 3, true), new Stage(5, 1, false), new Stage(4, 3, false)));

  private static float[] random(int length, long seed) {
    float[] values = new float[length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-0.5, 1);
    }
    return values;
  }

  /** Features, then the gradients of their sum weighted by {@code weights}. */
  private static float[][] through(
      WinogradTrunk engine, int batch, float[] images, float[] parameters, float[] weights) {
    float[] features = new float[batch * TINY.featureSize()];
    float[] gradients = new float[TINY.parameterCount()];
    ParameterOrder order = new ParameterOrder(engine);
    engine.load(order.toEngine(parameters));
    engine.forward(batch, images, features);
    engine.backward(weights, gradients);
    return new float[][] {features, order.toStock(gradients)};
  }

  /**
   * Central differences of the weighted sum of all features. Between the kinks of ReLU and pooling
   * it is linear in any one parameter, so the step makes no error by its length: it is long, for
   * the rounding of the features (1e-7 of values up to 10, summed at random) to weigh little, and
   * short enough to meet few kinks. That leaves 1e-4 of an array's norm where no kink is met, as
   * with these numbers.
   */
  @Test
  void gradientsAreSlopes() {
    int batch = 2;
    float step = 1f / 512;
    float[] images = random(batch * TINY.inputSize(), 1);
    float[] parameters = random(TINY.parameterCount(), 2);
    float[] weights = random(batch * TINY.featureSize(), 3);
    try (WinogradTrunk engine = new WinogradTrunk(TINY)) {
      float[] gradients = through(engine, batch, images, parameters, weights)[1];
      float[] slopes = new float[gradients.length];
      for (int i = 0; i < slopes.length; i++) {
        float value = parameters[i];
        parameters[i] = value + step;
        double above = weightedSum(engine, batch, images, parameters, weights);
        parameters[i] = value - step;
        double below = weightedSum(engine, batch, images, parameters, weights);
        parameters[i] = value;
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
      WinogradTrunk engine, int batch, float[] images, float[] parameters, float[] weights) {
    float[] features = new float[batch * TINY.featureSize()];
    engine.load(new ParameterOrder(engine).toEngine(parameters));
    engine.infer(batch, images, features);
    double sum = 0;
    for (int i = 0; i < features.length; i++) {
      sum += (double) features[i] * weights[i];
    }
    return sum;
  }

  /** Other batches, other sizes and inference in between leave no trace. */
  @Test
  void historyDoesNotChangeResults() {
    float[] images = random(4 * TINY.inputSize(), 1);
    float[] parameters = random(TINY.parameterCount(), 2);
    float[] weights = random(4 * TINY.featureSize(), 3);
    float[][] fresh;
    try (WinogradTrunk engine = new WinogradTrunk(TINY)) {
      fresh = through(engine, 4, images, parameters, weights);
    }
    try (WinogradTrunk engine = new WinogradTrunk(TINY)) {
      float[] otherImages = random(9 * TINY.inputSize(), 4);
      float[] otherParameters = random(TINY.parameterCount(), 5);
      float[] otherWeights = random(9 * TINY.featureSize(), 6);
      through(engine, 4, otherImages, otherParameters, otherWeights);
      through(engine, 9, otherImages, otherParameters, otherWeights);
      float[] features = new float[4 * TINY.featureSize()];
      float[] gradients = new float[TINY.parameterCount()];
      ParameterOrder order = new ParameterOrder(engine);
      engine.load(order.toEngine(parameters));
      engine.forward(4, images, features);
      engine.infer(4, otherImages, new float[features.length]);
      engine.backward(weights, gradients);
      assertArrayEquals(fresh[0], features);
      assertArrayEquals(fresh[1], order.toStock(gradients));
    }
  }

  @Test
  void inferenceGivesTheFeaturesOfTraining() {
    float[] images = random(4 * TINY.inputSize(), 1);
    float[] parameters = random(TINY.parameterCount(), 2);
    float[] features = new float[4 * TINY.featureSize()];
    try (WinogradTrunk engine = new WinogradTrunk(TINY)) {
      engine.load(new ParameterOrder(engine).toEngine(parameters));
      engine.infer(4, images, features);
      float[][] trained = through(engine, 4, images, parameters, random(4 * TINY.featureSize(), 3));
      // Another kernel, another order of sums.
      assertTrue(Distance.relative(trained[0], features) < 1e-6);
    }
  }

  @Test
  void backwardNeedsForward() {
    try (WinogradTrunk engine = new WinogradTrunk(TINY)) {
      float[] nothing = new float[1];
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> engine.backward(nothing, nothing));
      assertEquals("backward before forward", thrown.getMessage());
    }
  }
}
