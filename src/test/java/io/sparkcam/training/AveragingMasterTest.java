package io.sparkcam.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cluster.FloatBytes;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.cluster.ObjectPool;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ShardPlan;
import io.sparkcam.network.AdamRule;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.training.AveragingMaster.Round;
import io.sparkcam.training.TrainingPlan.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

@SharedSpark
class AveragingMasterTest {
  private static final GapCnn LAB = GoldenNetwork.MODEL;
  private static final double RATE = 1e-3;
  private static final LearningRate FALLING = LearningRate.of(Schedule.COSINE, RATE, 3);
  private static final int SEED = 5;

  @TempDir static Path directory;
  private static IndexedImages images;

  private final JavaSparkContext sc;
  private final List<Round> rounds = new ArrayList<>();

  AveragingMasterTest(JavaSparkContext sc) {
    this.sc = sc;
  }

  @BeforeAll
  static void store(JavaSparkContext sc) throws IOException {
    images = new IndexedImages(sc, FashionExtract.storeTraining(directory));
  }

  private static EpochShards shards(int count, int workers, int batch, int classes) {
    ShardPlan plan = new ShardPlan(count, workers, SEED, 1);
    return EpochShards.of(images, plan, batch, classes);
  }

  private AveragingMaster master(GapCnn model, Engine engine, int batch, int frequency) {
    return master(model, engine, batch, frequency, RATE, Schedule.CONSTANT);
  }

  private AveragingMaster master(
      GapCnn model, Engine engine, int batch, int frequency, double rate, Schedule schedule) {
    TrainingPlan plan = new TrainingPlan(1, 2, batch, frequency, rate, schedule, SEED);
    return new AveragingMaster(
        model, engine, plan, plan.outer().fresh(model.parameterCount()), rounds::add);
  }

  private static float[] parameters(MultiLayerNetwork network) {
    return network.params().dup().data().asFloat();
  }

  private static float[] moments(MultiLayerNetwork network) {
    return network.getUpdater().getStateViewArray().dup().data().asFloat();
  }

  /**
   * To the last bit with DL4J's own layers. The fast engine rounds differently: about 1e-6 of the
   * norm of parameters and moments after six steps from trained weights.
   */
  @ParameterizedTest
  @CsvSource({"STOCK, 0", "FAST, 1e-5"})
  void oneWorkerIsPlainTraining(Engine engine, double tolerance) throws IOException {
    MultiLayerNetwork plain = LAB.network(TrainableNetwork.adam(RATE), SEED);
    MultiLayerNetwork network = LAB.network(TrainableNetwork.adam(RATE), SEED);
    plain.setParams(Nd4j.createFromArray(GoldenNetwork.parameters()));
    network.setParams(Nd4j.createFromArray(GoldenNetwork.parameters()));
    double loss = 0;
    try (EpochShards data = shards(90, 1, 16, 10)) {
      for (DataSet batch : data.collect()) {
        plain.fit(batch);
        loss += plain.score() * batch.numExamples();
      }
      MultiLayerNetwork trained =
          new SparkDl4jMultiLayer(sc, network, master(LAB, engine, 16, 4)).fit(data);
      assertEquals(network, trained);
    }
    assertTrue(Distance.relative(parameters(plain), parameters(network)) <= tolerance);
    assertTrue(Distance.relative(moments(plain), moments(network)) <= tolerance);
    assertEquals(6, network.getIterationCount());
    assertEquals(plain.getIterationCount(), network.getIterationCount());
    assertEquals(1, network.getEpochCount());
    double told = rounds.stream().mapToDouble(Round::lossSum).sum();
    assertEquals(loss / 90, told / 90, 1e-6);
  }

  /** DL4J's layers and plain SGD: what the public trainers, which know Adam only, cannot be. */
  private static final class SgdTrainer implements Trainer {
    private final GapCnn model;
    private final MultiLayerNetwork network;
    private final AtomicInteger steps;
    private int iteration;

    SgdTrainer(GapCnn model, AtomicInteger steps) {
      this.model = model;
      this.network = model.network(new Sgd(RATE), 0);
      this.steps = steps;
    }

    @Override
    public void load(TrainingState state) {
      network.setParams(Nd4j.createFromArray(state.parameters()));
      iteration = state.iteration();
    }

    @Override
    public Score step(int batch, float[] pixels, int[] labels, double learningRate) {
      steps.incrementAndGet();
      iteration++;
      INDArray target = Nd4j.zeros(DataType.FLOAT, batch, model.classes());
      for (int n = 0; n < batch; n++) {
        target.putScalar(n, labels[n], 1);
      }
      network.setLearningRate(learningRate);
      network.fit(
          Nd4j.create(Arrays.copyOf(pixels, batch * 784), new long[] {batch, 1, 28, 28}), target);
      return new Score(network.score() * batch, 0);
    }

    @Override
    public TrainingState state() {
      return new TrainingState(
          parameters(network), new float[2 * model.parameterCount()], iteration);
    }

    @Override
    public void close() {
      network.close();
    }
  }

  /**
   * Plain SGD is linear in the gradient, so the average of workers that make one step each is one
   * step on all their images. The workers are lent the trainers that lie idle for their model: here
   * such as do plain SGD, for a model that no other test has.
   */
  @Test
  void averagingEveryStepOfSgdIsOneMachinesTraining() {
    GapCnn model = GapCnn.lab(28, 28, 1, 11);
    AtomicInteger steps = new AtomicInteger();
    for (int copy = 0; copy < 2; copy++) {
      ObjectPool.giveBack(
          List.of(LocalSteps.class, model, Engine.STOCK, AdamRule.LAB),
          new SgdTrainer(model, steps));
    }
    MultiLayerNetwork single = model.network(new Sgd(0.1), SEED);
    MultiLayerNetwork network = model.network(TrainableNetwork.adam(0.1), SEED);
    float[] start = parameters(network);
    try (EpochShards data = shards(64, 2, 8, 11)) {
      List<DataSet> batches = data.collect();
      for (int step = 0; step < 4; step++) {
        single.fit(DataSet.merge(List.of(batches.get(step), batches.get(4 + step))));
      }
      AveragingMaster master = master(model, Engine.STOCK, 8, 1, 0.1, Schedule.CONSTANT);
      new SparkDl4jMultiLayer(sc, network, master).fit(data);
    }
    assertEquals(8, steps.get());
    assertEquals(4, rounds.size());
    float[] expected = parameters(single);
    assertTrue(Distance.largest(start, expected) > 1e-3);
    assertTrue(Distance.largest(expected, parameters(network)) < 1e-5);
  }

  /**
   * Parameters and moments both, and by examples: the last round's batches differ in size. The
   * learning rate falls from step to step through all rounds.
   */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void workersAreAveragedByExamples(Engine engine) {
    int count = 35;
    int batch = 6;
    MultiLayerNetwork network = LAB.network(TrainableNetwork.adam(RATE), SEED);
    TrainingState state = TrainingState.fresh(parameters(network));
    try (EpochShards data = shards(count, 2, batch, 10)) {
      List<ImageBlock> blocks = data.shards().map(shard -> shard.window(0)).collect();
      // Shards of 18 and 17 images: two steps of 6 each, then one of 6 and of 5.
      for (int round = 0; round < 2; round++) {
        int first = round * 2;
        List<RoundResult> ends = new ArrayList<>();
        for (ImageBlock block : blocks) {
          ends.add(stepped(engine, state, block, first, Math.min(first + 2, 3), batch));
        }
        float[] average = WeightedAverage.of(ends);
        int size = LAB.parameterCount();
        state =
            new TrainingState(
                Arrays.copyOf(average, size),
                Arrays.copyOfRange(average, size, 3 * size),
                Math.min(first + 2, 3));
      }
      AveragingMaster master = master(LAB, engine, batch, 2, RATE, Schedule.COSINE);
      new SparkDl4jMultiLayer(sc, network, master).fit(data);
    }
    assertArrayEquals(state.parameters(), parameters(network));
    assertArrayEquals(state.moments(), moments(network));
    assertEquals(3, network.getIterationCount());
    assertEquals(List.of(1, 2), rounds.stream().map(Round::number).toList());
    assertEquals(List.of(24L, 11L), rounds.stream().map(Round::examples).toList());
    for (Round round : rounds) {
      assertTrue(round.lossSum() / round.examples() < 3);
      assertTrue(round.correct() >= 0 && round.correct() <= round.examples());
      assertTrue(round.computeSeconds() > 0);
      assertTrue(round.broadcastSeconds() > 0);
      assertTrue(round.aggregationSeconds() > 0);
    }
  }

  private static RoundResult stepped(
      Engine engine, TrainingState start, ImageBlock block, int first, int end, int batch) {
    try (Trainer trainer = engine.trainer(LAB, AdamRule.LAB)) {
      trainer.load(start);
      int examples = 0;
      for (int step = first; step < end; step++) {
        int from = step * batch;
        int count = Math.min(batch, block.count() - from);
        float[] pixels = new float[count * 784];
        block.normalise(from, count, pixels);
        int[] labels = Arrays.copyOfRange(block.labels(), from, from + count);
        trainer.step(count, pixels, labels, FALLING.at(step));
        examples += count;
      }
      TrainingState state = trainer.state();
      return new RoundResult(FloatBytes.of(state.parameters(), state.moments()), examples, 0, 0, 0);
    }
  }

  /** A shard that has run out of images waits, its parameters as they were, without weight. */
  @Test
  void shardsMayEndBeforeTheLastRound() {
    MultiLayerNetwork network = LAB.network(TrainableNetwork.adam(RATE), SEED);
    try (EpochShards data = shards(17, 2, 4, 10)) {
      // Shards of 9 and 8 images: the third round is one image of the first.
      new SparkDl4jMultiLayer(sc, network, master(LAB, Engine.FAST, 4, 1)).fit(data);
    }
    assertEquals(List.of(8L, 8L, 1L), rounds.stream().map(Round::examples).toList());
    assertEquals(3, network.getIterationCount());
  }

  /** Fails once, in the middle of a round. */
  private static final class FailingTrainer implements Trainer {
    private final Trainer trainer;

    FailingTrainer(Trainer trainer) {
      this.trainer = trainer;
    }

    @Override
    public void load(TrainingState state) {
      trainer.load(state);
    }

    @Override
    public Score step(int batch, float[] pixels, int[] labels, double learningRate) {
      trainer.step(batch, pixels, labels, learningRate);
      throw new IllegalStateException("this worker fails");
    }

    @Override
    public TrainingState state() {
      return trainer.state();
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  @Test
  void aWorkerThatFailsIsTriedAgainAndChangesNothing() {
    GapCnn model = GapCnn.lab(28, 28, 1, 12);
    float[][] ends = new float[2][];
    for (int run = 0; run < 2; run++) {
      MultiLayerNetwork network = model.network(TrainableNetwork.adam(RATE), SEED);
      if (run == 1) {
        ObjectPool.giveBack(
            List.of(LocalSteps.class, model, Engine.FAST, AdamRule.LAB),
            new FailingTrainer(Engine.FAST.trainer(model, AdamRule.LAB)));
      }
      try (EpochShards data = shards(60, 3, 8, 12)) {
        new SparkDl4jMultiLayer(sc, network, master(model, Engine.FAST, 8, 2)).fit(data);
      }
      ends[run] = parameters(network);
    }
    assertArrayEquals(ends[0], ends[1]);
  }

  @Test
  void takesEpochShardsOnly() {
    MultiLayerNetwork network = LAB.network(TrainableNetwork.adam(RATE), SEED);
    SparkDl4jMultiLayer spark =
        new SparkDl4jMultiLayer(sc, network, master(LAB, Engine.FAST, 8, 2));
    JavaRDD<DataSet> other = sc.parallelize(List.of(new DataSet()));
    assertEquals(
        "training data: JavaRDD, expected EpochShards",
        assertThrows(IllegalArgumentException.class, () -> spark.fit(other)).getMessage());
  }

  @Test
  void takesAdamsNetworkOnly() {
    try (EpochShards data = shards(20, 2, 8, 10)) {
      SparkDl4jMultiLayer sgd =
          new SparkDl4jMultiLayer(
              sc, LAB.network(new Sgd(RATE), SEED), master(LAB, Engine.FAST, 8, 2));
      assertEquals(
          "network of 98442 parameters with 0 values of updater state,"
              + " expected 98442 with 196884: Adam's",
          assertThrows(IllegalArgumentException.class, () -> sgd.fit(data)).getMessage());
      GapCnn other = GapCnn.lab(28, 28, 1, 11);
      SparkDl4jMultiLayer foreign =
          new SparkDl4jMultiLayer(
              sc, other.network(TrainableNetwork.adam(RATE), SEED), master(LAB, Engine.FAST, 8, 2));
      assertEquals(
          "network of 98571 parameters with 197142 values of updater state,"
              + " expected 98442 with 196884: Adam's",
          assertThrows(IllegalArgumentException.class, () -> foreign.fit(data)).getMessage());
    }
  }

  @Test
  void refusesWhatItDoesNotDo() {
    AveragingMaster master = master(LAB, Engine.FAST, 8, 2);
    assertThrows(UnsupportedOperationException.class, () -> master.addHook(null));
    assertThrows(UnsupportedOperationException.class, () -> master.setListeners(List.of()));
    assertThrows(
        UnsupportedOperationException.class,
        () -> master.getWorkerInstance((SparkDl4jMultiLayer) null));
    assertEquals(
        "{\"engine\": \"FAST\", \"batchSize\": 8, \"averagingFrequency\": 2}", master.toJson());
  }
}
