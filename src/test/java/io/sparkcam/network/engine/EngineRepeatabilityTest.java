package io.sparkcam.network.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.AdamRule;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.TrainingState;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine returns follows from what it is given, not from when, where or with what else. */
class EngineRepeatabilityTest {
  private static final GapCnn MODEL = GoldenNetwork.MODEL;

  /** The state after a step on {@code count} real images. */
  private static TrainingState step(Trainer trainer, ImageBlock images, int first, int count)
      throws IOException {
    float[] pixels = new float[count * MODEL.trunk().inputSize()];
    images.normalise(first, count, pixels);
    trainer.load(TrainingState.fresh(GoldenNetwork.parameters()));
    trainer.step(count, pixels, Arrays.copyOfRange(images.labels(), first, first + count), 1e-3);
    return trainer.state();
  }

  private static void assertSame(TrainingState expected, TrainingState found) {
    assertArrayEquals(expected.parameters(), found.parameters());
    assertArrayEquals(expected.moments(), found.moments());
    assertEquals(expected.iteration(), found.iteration());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void trainingForgetsWhatCameBefore(Engine engine) throws IOException {
    ImageBlock images = FashionExtract.training();
    TrainingState expected;
    try (Trainer trainer = engine.trainer(MODEL, AdamRule.LAB)) {
      expected = step(trainer, images, 0, 32);
    }
    try (Trainer trainer = engine.trainer(MODEL, AdamRule.LAB)) {
      step(trainer, images, 100, 17);
      step(trainer, images, 200, 32);
      step(trainer, images, 300, 40);
      assertSame(expected, step(trainer, images, 0, 32));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void threadsTakeTurns(Engine engine) throws Exception {
    ImageBlock images = FashionExtract.training();
    try (Trainer trainer = engine.trainer(MODEL, AdamRule.LAB)) {
      TrainingState expected = step(trainer, images, 0, 32);
      TrainingState[] found = new TrainingState[1];
      Throwable[] failure = new Throwable[1];
      Thread other =
          new Thread(
              () -> {
                try {
                  found[0] = step(trainer, images, 0, 32);
                } catch (IOException e) {
                  failure[0] = e;
                }
              });
      other.start();
      other.join();
      assertEquals(null, failure[0]);
      assertSame(expected, found[0]);
      assertSame(expected, step(trainer, images, 0, 32));
    }
  }

  /** One image is computed like any other, whatever stands beside it: to the last bit. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 32, 64, 199})
  void batchesDoNotChangeFastResults(int size) throws IOException {
    ImageBlock images = FashionExtract.test();
    ForwardPass whole = classifier(Engine.FAST);
    whole.classify(images, 0, images.count());
    ForwardPass parts = classifier(Engine.FAST);
    parts.classify(images, 7, 1); // larger batches follow
    int features = MODEL.trunk().featureSize();
    for (int first = 0; first < images.count(); first += size) {
      int count = Math.min(size, images.count() - first);
      parts.classify(images, first, count);
      for (int n = 0; n < count; n++) {
        int row = first + n;
        assertEquals(-1, mismatch(whole.features(), row, parts.features(), n, features));
        assertEquals(-1, mismatch(whole.logits(), row, parts.logits(), n, 10));
        assertEquals(-1, mismatch(whole.probabilities(), row, parts.probabilities(), n, 10));
        assertEquals(whole.predicted(row), parts.predicted(n));
      }
    }
  }

  private static int mismatch(float[] all, int row, float[] part, int n, int size) {
    return Arrays.mismatch(all, row * size, (row + 1) * size, part, n * size, (n + 1) * size);
  }

  /** DL4J sums in an order that depends on the batch: 4e-6 of logits up to 18. */
  @ParameterizedTest
  @ValueSource(ints = {3, 64})
  void batchesHardlyChangeStockResults(int size) throws IOException {
    ImageBlock images = FashionExtract.test();
    ForwardPass whole = classifier(Engine.STOCK);
    whole.classify(images, 0, 128);
    ForwardPass part = classifier(Engine.STOCK);
    part.classify(images, 60, size);
    assertTrue(
        Distance.largest(
                Arrays.copyOfRange(whole.logits(), 600, (60 + size) * 10),
                Arrays.copyOf(part.logits(), size * 10))
            < 1e-4);
  }

  private static ForwardPass classifier(Engine engine) throws IOException {
    ForwardPass classifier = new ForwardPass(MODEL, engine.featureMaps(MODEL));
    classifier.load(GoldenNetwork.parameters());
    return classifier;
  }
}
