package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.testing.Distance;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

class LabAdamTest {
  private static final int SIZE = 50;

  /** Gradients from 1 down to far below epsilon, and none at all. */
  private static float[] gradients(SplittableRandom random) {
    float[] gradients = new float[SIZE];
    for (int i = 0; i < SIZE - 1; i++) {
      gradients[i] = (float) (random.nextDouble(-1, 1) * Math.pow(10, -i / 5.0));
    }
    return gradients;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.999, 0.99})
  void stepsAreThoseOfDl4j(double beta2) {
    AdamRule rule = new AdamRule(beta2);
    SplittableRandom random = new SplittableRandom(1);
    int batch = 4;
    LabAdam adam = new LabAdam(rule, SIZE);
    float[] parameters = new float[SIZE];
    INDArray state = Nd4j.zeros(DataType.FLOAT, 1, 2 * SIZE);
    INDArray expected = Nd4j.zeros(DataType.FLOAT, 1, SIZE);
    GradientUpdater<?> dl4j = rule.updater(0.01).instantiate(state, true);
    for (int step = 0; step < 30; step++) {
      float[] summed = gradients(random);
      adam.step(parameters, summed, batch, 0.01);
      INDArray update = Nd4j.createFromArray(summed).reshape(1, SIZE).div(batch);
      dl4j.applyUpdater(update, step, 0);
      expected.subi(update);
      // Both in single precision, the root and the quotient in another order.
      TrainingState found = adam.state(parameters);
      assertTrue(Distance.largest(expected.data().asFloat(), found.parameters()) < 1e-6);
      assertTrue(Distance.relative(state.data().asFloat(), found.moments()) < 1e-6);
      assertEquals(step + 1, found.iteration());
    }
  }

  @Test
  void firstStepIsTheLearningRate() {
    LabAdam adam = new LabAdam(AdamRule.LAB, 3);
    float[] parameters = new float[3];
    adam.step(parameters, new float[] {8, -0.5f, 0}, 2, 0.01);
    // m / sqrt(v) is the gradient's sign at the first step, but for epsilon.
    assertEquals(-0.01, parameters[0], 1e-6);
    assertEquals(0.01, parameters[1], 1e-6);
    assertEquals(0, parameters[2]);
  }

  /** A weight whose gradient is 0 from the second step on. */
  @Test
  void momentsNeverBecomeDenormal() {
    LabAdam adam = new LabAdam(AdamRule.LAB, 1);
    float[] parameters = new float[1];
    adam.step(parameters, new float[] {1e-3f}, 1, 0.01);
    for (int step = 2; step <= 1000; step++) {
      adam.step(parameters, new float[1], 1, 0.01);
      float first = adam.state(parameters).moments()[0];
      assertTrue(first == 0 || first >= Float.MIN_NORMAL, step + ": " + first);
    }
    assertEquals(0, adam.state(parameters).moments()[0]);
  }

  @Test
  void goesOnFromAnyState() {
    SplittableRandom random = new SplittableRandom(2);
    float[][] gradients = {gradients(random), gradients(random), gradients(random)};
    LabAdam straight = new LabAdam(AdamRule.LAB, SIZE);
    float[] expected = new float[SIZE];
    for (float[] g : gradients) {
      straight.step(expected, g, 1, 0.01);
    }
    LabAdam first = new LabAdam(AdamRule.LAB, SIZE);
    float[] parameters = new float[SIZE];
    first.step(parameters, gradients[0], 1, 0.01);
    TrainingState between = first.state(parameters);
    assertNotSame(parameters, between.parameters());
    LabAdam second = new LabAdam(AdamRule.LAB, SIZE);
    second.step(new float[SIZE], gradients[2], 1, 0.5);
    second.load(between);
    float[] moved = between.parameters().clone();
    second.step(moved, gradients[1], 1, 0.01);
    second.step(moved, gradients[2], 1, 0.01);
    assertEquals(0, Distance.largest(expected, moved));
  }
}
