package io.sparkcam.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.training.TrainingPlan.Schedule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SharedSpark
class TrainingTest {
  private static final GapCnn LAB = GapCnn.lab(28, 28, 1, 10);

  @TempDir static Path directory;
  private static IndexedImages images;

  private final JavaSparkContext sc;
  private final Heard heard = new Heard();

  TrainingTest(JavaSparkContext sc) {
    this.sc = sc;
  }

  @BeforeAll
  static void store(JavaSparkContext sc) throws IOException {
    images = new IndexedImages(sc, FashionExtract.storeTraining(directory));
  }

  /** What was told, in order. */
  private static final class Heard implements TrainingProgress {
    final List<String> events = new ArrayList<>();
    final List<EpochRecord> records = new ArrayList<>();

    @Override
    public void epochStarted(int epoch, int epochs, long count) {
      events.add("epoch %d of %d on %d".formatted(epoch, epochs, count));
    }

    @Override
    public void trained(long count, double loss, double accuracy) {
      assertTrue(loss > 0 && accuracy >= 0 && accuracy <= 1);
      events.add("trained " + count);
    }

    @Override
    public void epochEnded(EpochRecord record) {
      events.add("ended " + record.epoch());
      records.add(record);
    }
  }

  private MultiLayerNetwork train(TrainingPlan plan, int count) {
    return (MultiLayerNetwork)
        new Training(sc, LAB, Engine.FAST, plan, heard).run(images, count, Optional.empty());
  }

  private static TrainingPlan plan(int epochs, int workers, double rate, long seed) {
    return new TrainingPlan(epochs, workers, 16, 2, rate, Schedule.COSINE, seed);
  }

  private static float[] parameters(MultiLayerNetwork network) {
    return network.params().dup().data().asFloat();
  }

  @Test
  void twoEpochsWithValidation() throws IOException {
    TrainingPlan plan = new TrainingPlan(2, 2, 16, 8, 2e-3, Schedule.COSINE, 1);
    MultiLayerNetwork network =
        (MultiLayerNetwork)
            new Training(sc, LAB, Engine.FAST, plan, heard)
                .run(images, 540, Optional.of(images.blocks(540, 600, 60, 1)));
    // Shards of 270 images: 17 steps, averaged after 8, 16 and 17 of them.
    assertEquals(
        List.of(
            "epoch 1 of 2 on 540",
            "trained 256",
            "trained 512",
            "trained 540",
            "ended 1",
            "epoch 2 of 2 on 540",
            "trained 256",
            "trained 512",
            "trained 540",
            "ended 2"),
        heard.events);
    EpochRecord first = heard.records.get(0);
    EpochRecord second = heard.records.get(1);
    assertTrue(second.loss() < first.loss());
    assertTrue(second.accuracy() > first.accuracy());
    assertTrue(second.valLoss() < first.valLoss());
    ImageBlock all = FashionExtract.training();
    ForwardPass classifier = new ForwardPass(LAB, Engine.FAST.featureMaps(LAB));
    classifier.load(parameters(network));
    classifier.classify(all, 540, 60);
    long correct =
        IntStream.range(0, 60)
            .filter(n -> classifier.predicted(n) == all.labels()[540 + n])
            .count();
    assertEquals(correct / 60.0, second.valAccuracy());
    LearningRate rate = LearningRate.of(Schedule.COSINE, 2e-3, 34);
    assertEquals(rate.at(16), first.learningRate());
    assertEquals(rate.at(33), second.learningRate());
    assertTrue(first.seconds() > 0 && first.imagesPerSecond() > 0);
    assertTrue(
        first.computeSeconds() + first.broadcastSeconds() + first.aggregationSeconds()
            < first.seconds());
    assertEquals(34, network.getIterationCount());
    assertEquals(2, network.getEpochCount());

    // A model file that any DL4J reads, with the state to go on from.
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, file, true);
    MultiLayerNetwork again =
        ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(file.toByteArray()), true);
    assertArrayEquals(parameters(network), parameters(again));
    assertArrayEquals(
        network.getUpdater().getStateViewArray().dup().data().asFloat(),
        again.getUpdater().getStateViewArray().dup().data().asFloat());
  }

  @Test
  void theSameAgain() {
    TrainingPlan plan = plan(2, 3, 1e-3, 9);
    MultiLayerNetwork one = train(plan, 150);
    MultiLayerNetwork many = train(plan, 150);
    assertArrayEquals(parameters(one), parameters(many));
    assertArrayEquals(
        one.getUpdater().getStateViewArray().dup().data().asFloat(),
        many.getUpdater().getStateViewArray().dup().data().asFloat());
  }

  @Test
  void seedsAndShardsDo() {
    float[] parameters = parameters(train(plan(1, 2, 1e-3, 1), 100));
    assertFalse(Arrays.equals(parameters, parameters(train(plan(1, 2, 1e-3, 2), 100))));
    assertFalse(Arrays.equals(parameters, parameters(train(plan(1, 3, 1e-3, 1), 100))));
  }

  @Test
  void withoutValidationItsColumnsAreEmpty() {
    train(plan(1, 2, 1e-3, 1), 40);
    assertTrue(Double.isNaN(heard.records.get(0).valLoss()));
    assertTrue(Double.isNaN(heard.records.get(0).valAccuracy()));
  }

  @Test
  void lossThatIsNoNumberStopsTheRun() {
    Set<Integer> before = Set.copyOf(sc.getPersistentRDDs().keySet());
    DivergedException stopped =
        assertThrows(DivergedException.class, () -> train(plan(3, 2, 1e30, 1), 100));
    assertEquals(
        "epoch 1, round 1, shard 0: the loss is NaN; a lower learning rate may help",
        stopped.getMessage());
    assertEquals(List.of("epoch 1 of 3 on 100"), heard.events);
    // Nothing of the run stays behind.
    assertEquals(before, sc.getPersistentRDDs().keySet());
  }

  @Test
  void lostImagesAreNoticed() {
    EpochSums sums = new EpochSums(4, 100, PartialEpoch.NONE, heard);
    sums.roundEnded(new AveragingMaster.Round(1, 99, 10, 50, 0, 0, 0, 0));
    assertEquals(
        "epoch 4: 99 images trained, expected 100",
        assertThrows(IllegalStateException.class, () -> sums.record(Optional.empty(), 1e-3, 1, 1))
            .getMessage());
  }

  @Test
  void epochIsTheSumOfItsRounds() {
    EpochSums sums = new EpochSums(1, 100, PartialEpoch.NONE, heard);
    sums.roundEnded(new AveragingMaster.Round(1, 60, 30, 40, 1, 0.25, 0.5, 2));
    sums.roundEnded(new AveragingMaster.Round(2, 40, 10, 35, 2, 0.25, 0.5, 3));
    EpochRecord record = sums.record(Optional.empty(), 1e-3, 20, 25);
    assertEquals(
        new EpochRecord(1, 0.4, 0.75, Double.NaN, Double.NaN, 1e-3, 25, 5, 3, 0.5, 1, 5), record);
  }
}
