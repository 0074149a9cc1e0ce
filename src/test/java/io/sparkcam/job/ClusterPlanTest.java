package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageShape;
import io.sparkcam.training.TrainingPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterPlanTest {
  private static final int IMAGES = 60_000;

  private static List<ClusterPlan.Row> rows(int executors, double averageSeconds) {
    ClusterPlan.Measured measured = new ClusterPlan.Measured(1e-3, averageSeconds, 1_000_000);
    return new ClusterPlan(executors, 1, IMAGES, new ImageShape(28, 28, 1))
        .rows(Settings.of(Map.of()), measured);
  }

  @Test
  void workersAreSizedAsARunOfThemIs() {
    for (ClusterPlan.Row row : rows(6, 0)) {
      Settings run =
          Settings.of(Map.of()).with(Setting.WORKERS, String.valueOf(row.plan().workers()));
      assertEquals(Defaults.of(run, 1).trainingPlan(54_000), row.plan());
    }
    assertEquals(
        List.of(1, 2, 4, 6),
        rows(6, 0).stream().map(ClusterPlan.Row::plan).map(TrainingPlan::workers).toList());
  }

  @Test
  void stepsAreDividedAndTheRestIsNot() {
    ClusterPlan.Row one = rows(1, 0).get(0);
    // 54,000 images in steps of 32, a forward pass of 6,000, 14 rounds.
    assertEquals(54.016, one.seconds() - one.overhead(), 1e-9);
    assertEquals(14 * 2 * 1_000_000, one.traffic());
    ClusterPlan.Row two = rows(2, 0).get(1);
    assertEquals(27.008, two.seconds() - two.overhead(), 1e-9);
    assertEquals(14 * 3 * 1_000_000, two.traffic());
  }

  @Test
  void whereAveragingIsSlowFewerWorkersAreRecommended() {
    assertEquals(8, ClusterPlan.recommended(rows(8, 1e-4)).plan().workers());
    assertTrue(ClusterPlan.recommended(rows(64, 0.5)).plan().workers() <= 4);
  }
}
