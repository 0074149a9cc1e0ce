package io.sparkcam.network.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.ClassActivation;
import io.sparkcam.cam.Zoom;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.AdamRule;
import io.sparkcam.network.Backpropagation;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.RandomNetwork;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.TrainingState;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Both engines against PyTorch and SciPy in double precision. Logits reach 18, single precision
 * leaves 1e-6 of that.
 */
class GoldenNetworkTest {
  private static final GapCnn MODEL = GoldenNetwork.MODEL;
  private static final int IMAGES = 16;
  private static final int CELLS = 9;
  private static final int CHANNELS = 128;

  private static ForwardPass classified(Engine engine) throws IOException {
    ForwardPass classifier = new ForwardPass(MODEL, engine.featureMaps(MODEL));
    classifier.load(GoldenNetwork.parameters());
    classifier.classify(GoldenNetwork.images(), 0, IMAGES);
    return classifier;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void featuresLogitsAndProbabilities(Engine engine) throws IOException {
    ForwardPass classifier = classified(engine);
    float[] nchw = Npy.golden("features_nchw.npy").floats();
    float[] features = new float[nchw.length];
    for (int n = 0; n < IMAGES; n++) {
      for (int k = 0; k < CHANNELS; k++) {
        for (int cell = 0; cell < CELLS; cell++) {
          features[(n * CELLS + cell) * CHANNELS + k] = nchw[(n * CHANNELS + k) * CELLS + cell];
        }
      }
    }
    assertTrue(Distance.largest(features, classifier.features()) < 1e-4);
    float[] logits = Npy.golden("logits.npy").floats();
    assertTrue(Distance.largest(logits, classifier.logits()) < 1e-4);
    float[] probabilities = Npy.golden("probabilities.npy").floats();
    assertTrue(Distance.largest(probabilities, classifier.probabilities()) < 1e-4);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void mapsOfEveryClassAndTheZoomedOne(Engine engine) throws IOException {
    ForwardPass classifier = classified(engine);
    float[] parameters = GoldenNetwork.parameters();
    ClassActivation activation =
        new ClassActivation(
            3, 3, CHANNELS, 10, MODEL.denseWeights(parameters), MODEL.denseBias(parameters));
    float[] maps = new float[IMAGES * 10 * CELLS];
    activation.maps(classifier.features(), IMAGES, maps);
    assertTrue(Distance.largest(Npy.golden("cam3_all_classes.npy").floats(), maps) < 1e-3);

    Zoom zoom = Zoom.cornerAligned(3, 3, 28, 28, 2);
    float[] zoomed = new float[IMAGES * 784];
    for (int n = 0; n < IMAGES; n++) {
      zoom.zoom(maps, (n * 10 + classifier.predicted(n)) * CELLS, zoomed, n * 784);
    }
    assertTrue(Distance.largest(Npy.golden("cam28_predicted.npy").floats(), zoomed) < 1e-3);
  }

  private static float[] batchImages() throws IOException {
    float[] images = new float[32 * 784];
    GoldenNetwork.batch().normalise(0, 32, images);
    return images;
  }

  /** The loss of the batch, from the file README.json beside the reference values. */
  private static final double LOSS = 0.2703327338378326;

  private static void assertGradients(float[] summed) throws IOException {
    float[] expected = GoldenNetwork.gradients();
    float[] mean = new float[summed.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = summed[i] / 32;
    }
    RandomNetwork.arrays(MODEL)
        .forEach(
            (name, range) ->
                assertTrue(
                    Distance.relative(expected, mean, range.from(), range.end()) < 1e-4, name));
  }

  @Test
  void fastGradients() throws IOException {
    ImageBlock batch = GoldenNetwork.batch();
    try (FastTrainer trainer = new FastTrainer(MODEL, MODEL.trunk(), AdamRule.LAB)) {
      trainer.load(TrainingState.fresh(GoldenNetwork.parameters()));
      Trainer.Score score = trainer.step(32, batchImages(), batch.labels(), 1e-3);
      assertEquals(LOSS, score.lossSum() / 32, 1e-6);
      assertGradients(trainer.latestGradients());
    }
  }

  @Test
  void stockGradients() throws IOException {
    Backpropagation found =
        Backpropagation.stock(
            MODEL, GoldenNetwork.parameters(), batchImages(), GoldenNetwork.batch().labels());
    assertEquals(LOSS, found.loss(), 1e-6);
    assertGradients(found.gradients());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void scoreOfAStepIsThatOfTheParametersBeforeIt(Engine engine) throws IOException {
    ImageBlock batch = GoldenNetwork.batch();
    ForwardPass classifier = new ForwardPass(MODEL, engine.featureMaps(MODEL));
    classifier.load(GoldenNetwork.parameters());
    classifier.classify(batch, 0, 32);
    try (Trainer trainer = engine.trainer(MODEL, AdamRule.LAB)) {
      // The second step has fewer images than the first made room for.
      for (int count : new int[] {32, 20}) {
        int correct = 0;
        for (int n = 0; n < count; n++) {
          correct += classifier.predicted(n) == batch.labels()[n] ? 1 : 0;
        }
        assertTrue(correct < count);
        trainer.load(TrainingState.fresh(GoldenNetwork.parameters()));
        int[] labels = Arrays.copyOf(batch.labels(), count);
        Trainer.Score score = trainer.step(count, batchImages(), labels, 0.1);
        assertEquals(correct, score.correct());
        if (count == 32) {
          assertEquals(LOSS, score.lossSum() / 32, 1e-6);
        }
      }
    }
  }
}
