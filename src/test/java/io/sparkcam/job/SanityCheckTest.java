package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.RankCorrelation;
import io.sparkcam.explain.CamMethods;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

@SharedSpark
class SanityCheckTest {
  private static List<SanityCheck.Step> steps(float[] parameters) {
    return SanityCheck.steps(
        GoldenNetwork.MODEL, GoldenNetwork.MODEL.plainStack().orElseThrow(), parameters, 42);
  }

  /** Bias of 16, weights of 3 x 3 x 1 x 16, and so on; weights (128, 10), 10 biases at the end. */
  @Test
  void layersBecomeRandomFromTheLastToTheFirst() throws IOException {
    float[] own = GoldenNetwork.parameters();
    int[] starts = {97_152, 23_296, 4_800, 160, 0};
    List<SanityCheck.Step> steps = steps(own);
    assertEquals(5, steps.size());
    for (int i = 0; i < 5; i++) {
      float[] random = steps.get(i).parameters();
      assertArrayEquals(Arrays.copyOf(own, starts[i]), Arrays.copyOf(random, starts[i]));
      for (int at = starts[i]; at < own.length; at++) {
        assertTrue(own[at] != random[at] || own[at] == 0, i + " at " + at);
      }
      double limit = Math.sqrt(6.0 / (128 + 10));
      double most = 0;
      for (int at = 97_152; at < 97_152 + 1280; at++) {
        most = Math.max(most, Math.abs(random[at]));
      }
      assertTrue(most <= limit && most > 0.99 * limit, most + " of " + limit);
      assertEquals(0, random[random.length - 1]);
    }
    assertEquals("dense, convolution 4, convolution 3", steps.get(2).layers());
  }

  @Test
  void correlationsAreThoseOfEachNetworkByItself(JavaSparkContext sc) throws IOException {
    float[] own = GoldenNetwork.parameters();
    List<Object[]> rows =
        SanityCheck.rows(
            sc,
            GoldenNetwork.MODEL,
            Engine.FAST,
            own,
            sc.parallelize(List.of(GoldenNetwork.images()), 1),
            CamMethods.CAM,
            5,
            42);
    ExplanationBatch trained = explained(own);
    double before = 1;
    for (int step = 0; step < 5; step++) {
      ExplanationBatch random = explained(steps(own).get(step).parameters());
      double sum = 0;
      for (int n = 0; n < 16; n++) {
        int map = (n * 10 + trained.predicted()[n]) * 9;
        sum += RankCorrelation.of(trained.camLow(), map, random.camLow(), map, 9);
      }
      assertEquals(16L, rows.get(step)[1]);
      assertEquals(sum / 16, (double) rows.get(step)[2], 1e-9);
      before = Math.min(before, (double) rows.get(step)[2]);
    }
    assertTrue(before < 0.7, "least correlation " + before);
  }

  private static ExplanationBatch explained(float[] parameters) throws IOException {
    ForwardPass classifier =
        new ForwardPass(GoldenNetwork.MODEL, Engine.FAST.featureMaps(GoldenNetwork.MODEL));
    classifier.load(parameters);
    ExplanationBatch rows = new ExplanationBatch(ExplanationShape.of(GoldenNetwork.MODEL), 16);
    new Explainer(CamMethods.CAM.method(), GoldenNetwork.MODEL, classifier, parameters)
        .explain(GoldenNetwork.images(), 0, 16, rows);
    return rows;
  }

  /** Ranks 0, 1.5, 1.5, 3 and 1, 0, 2, 3: covariance 3, variances 4.5 and 5. */
  @Test
  void equalValuesShareTheirRank() {
    assertEquals(
        3 / Math.sqrt(4.5 * 5),
        RankCorrelation.of(new float[] {9, -1, 2, 2, 7}, 1, new float[] {0.5f, 0.25f, 3, 4}, 0, 4),
        1e-12);
    assertEquals(0, RankCorrelation.of(new float[] {1, 1}, 0, new float[] {1, 2}, 0, 2));
  }
}
