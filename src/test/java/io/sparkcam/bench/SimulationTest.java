package io.sparkcam.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.network.AdamRule;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.Initialisation;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.training.Augmentation;
import io.sparkcam.training.EpochRecord;
import io.sparkcam.training.OuterLoop;
import io.sparkcam.training.Training;
import io.sparkcam.training.TrainingPlan;
import io.sparkcam.training.TrainingPlan.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharedSpark
class SimulationTest {
  private static final GapCnn LAB = GapCnn.lab(28, 28, 1, 10);
  private static final int COUNT = 500;

  @TempDir Path directory;

  private final JavaSparkContext sc;

  SimulationTest(JavaSparkContext sc) {
    this.sc = sc;
  }

  /** Three shards of different sizes, the last round of each epoch shorter. */
  @Test
  void simulationIsTheJobToTheLastDigit() throws IOException {
    TrainingPlan plan =
        new TrainingPlan(
            2,
            3,
            16,
            4,
            2e-3,
            Schedule.LINEAR,
            5,
            Initialisation.HE,
            new AdamRule(0.99),
            Augmentation.FLIPS,
            new OuterLoop.Plan(0.7, 0.9, 0.5));
    ImageIndex index = FashionExtract.storeTraining(directory);
    IndexedImages images = new IndexedImages(sc, index);
    Epochs epochs = new Epochs();
    MultiLayerNetwork trained =
        (MultiLayerNetwork)
            new Training(sc, LAB, Engine.FAST, plan, epochs)
                .run(images, COUNT, Optional.of(images.blocks(COUNT, 600, 30, 2)));
    Simulation.Result simulated =
        new Simulation(LAB, Engine.FAST, index, FashionExtract.training(), COUNT).run(plan);
    assertArrayEquals(trained.params().dup().data().asFloat(), simulated.end().parameters());
    assertArrayEquals(
        trained.getUpdater().getStateViewArray().dup().data().asFloat(), simulated.end().moments());
    List<Double> accuracies = epochs.after(0).stream().map(EpochRecord::valAccuracy).toList();
    assertEquals(accuracies, simulated.points().stream().map(Simulation.Point::accuracy).toList());
  }
}
