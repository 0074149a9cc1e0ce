package io.sparkcam.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.training.TrainingPlan.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRateTest {
  @Test
  void constant() {
    LearningRate rate = LearningRate.constant(1e-3);
    assertEquals(1e-3, rate.at(0));
    assertEquals(1e-3, rate.at(1L << 40));
  }

  @Test
  void cosineFallsFromTheBaseToZero() {
    LearningRate rate = LearningRate.of(Schedule.COSINE, 2e-3, 400);
    assertEquals(2e-3, rate.at(0));
    assertEquals(2e-3 * (1 + Math.sqrt(0.5)) / 2, rate.at(100), 1e-15);
    assertEquals(1e-3, rate.at(200), 1e-15);
    assertEquals(0, rate.at(400), 1e-15);
    assertEquals(0, rate.at(401), 1e-15);
    for (int step = 0; step < 400; step++) {
      assertTrue(rate.at(step) > rate.at(step + 1));
    }
  }

  @Test
  void linearRisesForATenthOfTheStepsAndFallsToZero() {
    LearningRate rate = LearningRate.of(Schedule.LINEAR, 4e-3, 100);
    assertEquals(4e-4, rate.at(0), 1e-15);
    assertEquals(2e-3, rate.at(4), 1e-15);
    assertEquals(4e-3, rate.at(9), 1e-15);
    assertEquals(4e-3, rate.at(10), 1e-15);
    assertEquals(2e-3, rate.at(55), 1e-15);
    assertEquals(0, rate.at(100));
    assertEquals(0, rate.at(200));
    for (int step = 10; step < 100; step++) {
      assertTrue(rate.at(step) > rate.at(step + 1));
    }
  }

  @Test
  void planSpreadsTheCosineOverAllEpochs() {
    TrainingPlan plan = new TrainingPlan(5, 2, 32, 10, 2e-3, Schedule.COSINE, 1);
    assertEquals(1e-3, plan.rate(40).at(100), 1e-15);
    TrainingPlan flat = new TrainingPlan(5, 2, 32, 10, 2e-3, Schedule.CONSTANT, 1);
    assertEquals(2e-3, flat.rate(40).at(100));
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 32, 10", "1, 0, 32, 10", "1, 2, 0, 10", "1, 2, 32, 0"})
  void planNeedsOneOfEach(int epochs, int workers, int batch, int frequency) {
    assertEquals(
        "%d epochs, %d workers, batches of %d, averaging every %d steps, expected at least 1 each"
            .formatted(epochs, workers, batch, frequency),
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new TrainingPlan(epochs, workers, batch, frequency, 1e-3, Schedule.CONSTANT, 1))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e-3, Double.NaN, Double.POSITIVE_INFINITY})
  void baseMustBePositive(double base) {
    assertEquals(
        "learning rate: " + base + ", expected a positive number",
        assertThrows(IllegalArgumentException.class, () -> LearningRate.constant(base))
            .getMessage());
  }

  @Test
  void cosineNeedsSteps() {
    assertEquals(
        "steps: 0, expected at least 1",
        assertThrows(
                IllegalArgumentException.class, () -> LearningRate.of(Schedule.COSINE, 1e-3, 0))
            .getMessage());
  }
}
