package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The fast engines against DL4J's own layers. */
class EngineAgreementTest {
  private static final int CLASSES = 5;

  /**
   * Odd sizes whose last row or column pooling drops, one channel and three, 1x1 kernels, channel
   * counts that fill no vector register; see {@link RandomNetwork#parse}.
   */
  private static final String[] TRUNKS = {
    "1x28x28 16p 32p 64p 128",
    "1x27x25 16p 32p 64p 128",
    "1x15x9 16p 32p 64",
    "3x27x25 16p 5 7p 24:1",
    "3x15x9 3p 10:1 20p 33",
    "1x15x9 5:1 6p 7p 8",
    "2x5x4 1"
  };

  /** Single precision leaves about 1e-6 of a gradient's norm; a wrong term would be far above. */
  private static final double TOLERANCE = 1e-5;

  private static void assertGradients(GapCnn model, float[] expected, float[] found) {
    RandomNetwork.arrays(model)
        .forEach(
            (name, range) ->
                assertTrue(
                    Distance.relative(expected, found, range.from(), range.end()) < TOLERANCE,
                    name));
  }

  static Stream<Arguments> enginesAndBatches() {
    return Stream.of(FastEngine.values())
        .flatMap(engine -> Stream.of(1, 7, 32, 33).map(batch -> Arguments.of(engine, batch)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndBatches")
  void featuresLossAndGradients(FastEngine engine, int batch) {
    for (String text : TRUNKS) {
      RandomNetwork random = new RandomNetwork(RandomNetwork.parse(text, CLASSES), 3);
      GapCnn model = random.model;
      float[] images = random.images(batch);
      int[] labels = random.labels(batch);

      assertTrue(
          Distance.largest(
                  features(Engine.STOCK.featureMaps(model), random, images, batch),
                  features(new FastFeatureMaps(model, engine), random, images, batch))
              < TOLERANCE,
          text);
      Backpropagation stock = Backpropagation.stock(model, random.parameters, images, labels);
      try (FastTrainer trainer = new FastTrainer(model, engine)) {
        trainer.load(TrainingState.fresh(random.parameters));
        Trainer.Score score = trainer.step(batch, images, labels, 1e-3);
        assertEquals(stock.loss(), score.lossSum() / batch, TOLERANCE, text);
        assertGradients(model, stock.gradients(), trainer.latestGradients());
      }
    }
  }

  private static float[] features(
      FeatureMaps featureMaps, RandomNetwork random, float[] images, int batch) {
    float[] features = new float[batch * random.model.trunk().featureSize()];
    try (FeatureMaps maps = featureMaps) {
      maps.load(random.parameters);
      maps.compute(batch, images, features);
    }
    return features;
  }

  @ParameterizedTest
  @MethodSource("enginesAndBatches")
  void layerOfADl4jNetwork(FastEngine engine, int batch) {
    for (String text : TRUNKS) {
      RandomNetwork random = new RandomNetwork(RandomNetwork.parse(text, CLASSES), 4);
      GapCnn model = random.model;
      float[] images = random.images(batch);
      int[] labels = random.labels(batch);
      Backpropagation stock = Backpropagation.stock(model, random.parameters, images, labels);
      Backpropagation fast =
          Backpropagation.through(
              FastNetwork.of(model, engine, GapCnn.adam(1e-3)),
              model,
              random.parameters,
              images,
              labels);
      assertEquals(stock.loss(), fast.loss(), TOLERANCE, text);
      assertGradients(model, stock.gradients(), fast.gradients());
    }
  }

  @ParameterizedTest
  @EnumSource(FastEngine.class)
  void layerTrainsAndPredictsInADl4jNetwork(FastEngine engine) {
    RandomNetwork random = new RandomNetwork(RandomNetwork.parse("3x15x9 16p 10:1 20p 33", 4), 5);
    MultiLayerNetwork stock = random.model.network(GapCnn.adam(1e-3));
    MultiLayerNetwork fast = FastNetwork.of(random.model, engine, GapCnn.adam(1e-3));
    assertEquals(stock.numParams(), fast.numParams());
    stock.setParams(Nd4j.createFromArray(random.parameters));
    fast.setParams(Nd4j.createFromArray(random.parameters));
    for (int step = 0; step < 4; step++) {
      DataSet batch = Backpropagation.batch(random.model, random.images(8), random.labels(8));
      stock.fit(batch);
      fast.fit(batch);
      assertEquals(stock.score(), fast.score(), TOLERANCE);
    }
    assertTrue(Distance.relative(floats(stock.params()), floats(fast.params())) < TOLERANCE);
    assertTrue(
        Distance.relative(
                floats(stock.getUpdater().getStateViewArray()),
                floats(fast.getUpdater().getStateViewArray()))
            < TOLERANCE);
    INDArray images =
        Backpropagation.batch(random.model, random.images(8), random.labels(8)).getFeatures();
    assertSameOutput(stock, fast, images);
    assertSameOutput(stock, fast, images.get(NDArrayIndex.interval(2, 7)));
    assertSameOutput(stock, fast, images.dup('f'));
  }

  private static void assertSameOutput(
      MultiLayerNetwork stock, MultiLayerNetwork fast, INDArray images) {
    assertTrue(
        Distance.largest(floats(stock.output(images)), floats(fast.output(images))) < TOLERANCE);
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  /**
   * Every real image once, in 50 batches, from trained weights. What is compared is the norm of the
   * difference by the norm of the parameters, for all of them and array by array: 6e-7 when
   * written.
   *
   * <p>That is as far as single precision goes and no farther, since training is not continuous:
   * where two values of a pooling window, or a value and ReLU's zero, are a rounding apart, the
   * engines may choose differently, and from then on they are 1e-4 to 1e-3 apart. So are two runs
   * of one and the same engine whose weights start one unit in the last place apart. (From fresh
   * weights, where blank images make many such pairs and Adam divides tiny gradients by their own
   * size, both come to several per cent in 50 steps.)
   */
  @ParameterizedTest
  @EnumSource(FastEngine.class)
  void fiftyStepsOfAdam(FastEngine engine) throws IOException {
    ImageBlock images = FashionExtract.training();
    int batch = images.count() / 50;
    GapCnn model = GoldenNetwork.MODEL;
    float[] pixels = new float[batch * model.trunk().inputSize()];
    try (Trainer fast = new FastTrainer(model, engine);
        Trainer stock = Engine.STOCK.trainer(model)) {
      fast.load(TrainingState.fresh(GoldenNetwork.parameters()));
      stock.load(TrainingState.fresh(GoldenNetwork.parameters()));
      for (int step = 0; step < 50; step++) {
        images.normalise(step * batch, batch, pixels);
        int[] labels = Arrays.copyOfRange(images.labels(), step * batch, (step + 1) * batch);
        Trainer.Score expected = stock.step(batch, pixels, labels, 1e-3);
        Trainer.Score score = fast.step(batch, pixels, labels, 1e-3);
        assertEquals(expected.lossSum() / batch, score.lossSum() / batch, 1e-3);
        assertEquals(expected.correct(), score.correct());
      }
      assertEquals(50, fast.state().iteration());
      assertEquals(50, stock.state().iteration());
      float[] expected = stock.state().parameters();
      float[] found = fast.state().parameters();
      assertTrue(Distance.relative(expected, found) < 1e-3);
      RandomNetwork.arrays(model)
          .forEach(
              (name, range) ->
                  assertTrue(
                      Distance.relative(expected, found, range.from(), range.end()) < 1e-3, name));
    }
  }

  /** What one engine has trained, the other goes on with. */
  @ParameterizedTest
  @EnumSource(FastEngine.class)
  void stateMovesFromEngineToEngine(FastEngine engine) throws IOException {
    ImageBlock images = FashionExtract.training();
    float[] pixels = new float[32 * GoldenNetwork.MODEL.trunk().inputSize()];
    TrainingState state = TrainingState.fresh(GoldenNetwork.parameters());
    for (int step = 0; step < 8; step++) {
      images.normalise(step * 32, 32, pixels);
      int[] labels = Arrays.copyOfRange(images.labels(), step * 32, step * 32 + 32);
      TrainingState fast =
          oneStep(new FastTrainer(GoldenNetwork.MODEL, engine), state, pixels, labels);
      TrainingState stock =
          oneStep(Engine.STOCK.trainer(GoldenNetwork.MODEL), state, pixels, labels);
      // From the same state there is one step for rounding to grow in: 1e-7 and 2e-6.
      assertTrue(Distance.relative(stock.parameters(), fast.parameters()) < 1e-5);
      assertTrue(Distance.relative(stock.moments(), fast.moments()) < 1e-4);
      assertEquals(stock.iteration(), fast.iteration());
      state = step % 2 == 0 ? fast : stock;
    }
  }

  private static TrainingState oneStep(
      Trainer fresh, TrainingState state, float[] pixels, int[] labels) {
    try (Trainer trainer = fresh) {
      trainer.load(state);
      assertArrayEquals(state.parameters(), trainer.state().parameters());
      assertArrayEquals(state.moments(), trainer.state().moments());
      assertEquals(state.iteration(), trainer.state().iteration());
      trainer.step(labels.length, pixels, labels, 1e-3);
      return trainer.state();
    }
  }
}
