package io.sparkcam.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.BoxFinder;
import io.sparkcam.cam.Zoom;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainerTest {
  private static final int COUNT = 16;

  private static ExplanationBatch explained(Engine engine, int first, int count)
      throws IOException {
    return explained(CamMethods.CAM.method(), engine, first, count);
  }

  private static ExplanationBatch explained(CamMethod method, Engine engine, int first, int count)
      throws IOException {
    float[] parameters = GoldenNetwork.parameters();
    ForwardPass classifier =
        new ForwardPass(GoldenNetwork.MODEL, engine.featureMaps(GoldenNetwork.MODEL));
    classifier.load(parameters);
    ExplanationBatch rows = new ExplanationBatch(ExplanationShape.of(GoldenNetwork.MODEL), COUNT);
    new Explainer(method, GoldenNetwork.MODEL, classifier, parameters)
        .explain(GoldenNetwork.images(), first, count, rows);
    return rows;
  }

  @Test
  void shapeOfTheTable() {
    assertEquals(
        new ExplanationShape(28, 28, 3, 3, 128, 10), ExplanationShape.of(GoldenNetwork.MODEL));
  }

  /** Tolerances: what the table promises; single precision leaves about 5e-6. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void rowsAreTheReference(Engine engine) throws IOException {
    ExplanationBatch rows = explained(engine, 0, COUNT);
    assertEquals(COUNT, rows.count());
    assertArrayEquals(GoldenNetwork.images().ids(), rows.ids());
    float[] logits = Npy.golden("logits.npy").floats();
    assertTrue(Distance.largest(logits, rows.logits()) < 1e-4);
    assertTrue(
        Distance.largest(Npy.golden("probabilities.npy").floats(), rows.probabilities()) < 1e-4);
    assertTrue(Distance.largest(Npy.golden("cam3_all_classes.npy").floats(), rows.camLow()) < 1e-3);
    assertTrue(Distance.largest(Npy.golden("cam28_predicted.npy").floats(), rows.cam()) < 1e-3);
    for (int n = 0; n < COUNT; n++) {
      int predicted = 0;
      double sum = 0;
      for (int c = 0; c < 10; c++) {
        predicted = logits[n * 10 + c] > logits[n * 10 + predicted] ? c : predicted;
        sum += rows.probabilities()[n * 10 + c];
      }
      assertEquals(predicted, rows.predicted()[n]);
      assertEquals(rows.probabilities()[n * 10 + predicted], rows.probability()[n]);
      assertEquals(1, sum, 1e-5);
      assertTrue(rows.auditError()[n] <= 1e-4);
    }
  }

  @Test
  void rangeAndBoxFollowFromTheMaps() throws IOException {
    ExplanationBatch rows = explained(Engine.FAST, 0, COUNT);
    // Feature cells are 8 pixels apart, the first one's window is centred at pixel 3.5.
    Zoom aligned = Zoom.receptiveFieldAligned(3, 3, 28, 28, 3.5, 8);
    float[] map = new float[784];
    int boxes = 0;
    for (int n = 0; n < COUNT; n++) {
      float[] cam = Arrays.copyOfRange(rows.cam(), n * 784, (n + 1) * 784);
      Arrays.sort(cam);
      assertEquals(cam[0], rows.camMin()[n]);
      assertEquals(cam[783], rows.camMax()[n]);
      aligned.zoom(rows.camLow(), (n * 10 + rows.predicted()[n]) * 9, map, 0);
      var box = new BoxFinder(28, 28).largest(map, 0);
      boxes += box.isPresent() ? 1 : 0;
      assertArrayEquals(
          box.map(b -> new int[] {b.x0(), b.y0(), b.x1(), b.y1()})
              .orElse(new int[] {-1, -1, -1, -1}),
          Arrays.copyOfRange(rows.boxes(), n * 4, n * 4 + 4));
    }
    assertTrue(boxes > COUNT / 2);
  }

  /** The maps of one that looks at negatives are their logits; predictions stay the images' own. */
  @Test
  void aMethodMayAskTheClassifierAboutFurtherImages() throws IOException {
    CamMethod method =
        new CamMethod() {
          @Override
          public boolean addsUp() {
            return false;
          }

          @Override
          public String title() {
            return "negatives";
          }

          @Override
          public Maps of(CamNetwork network, ForwardPass classifier, float[] parameters) {
            return (images, first, batch, count) -> {
              classifier.classify(negatives(images, first, count), count);
              for (int i = 0; i < count * 90; i++) {
                batch.camLow()[i] = classifier.logits()[i / 9];
              }
            };
          }
        };
    ExplanationBatch plain = explained(Engine.FAST, 5, 3);
    ExplanationBatch found = explained(method, Engine.FAST, 5, 3);
    assertArrayEquals(plain.predicted(), found.predicted());
    assertArrayEquals(plain.probability(), found.probability());
    ForwardPass classifier =
        new ForwardPass(GoldenNetwork.MODEL, Engine.FAST.featureMaps(GoldenNetwork.MODEL));
    classifier.load(GoldenNetwork.parameters());
    classifier.classify(negatives(GoldenNetwork.images(), 5, 3), 3);
    for (int i = 0; i < 3 * 90; i++) {
      assertEquals(classifier.logits()[i / 9], found.camLow()[i]);
    }
  }

  private static float[] negatives(ImageBlock images, int first, int count) {
    float[] pixels = new float[count * images.shape().size()];
    images.normalise(first, count, pixels);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 1 - pixels[i];
    }
    return pixels;
  }

  @Test
  void partsOfABlockGiveTheRowsOfTheWhole() throws IOException {
    ExplanationBatch whole = explained(Engine.FAST, 0, COUNT);
    ExplanationBatch part = explained(Engine.FAST, 5, 3);
    ImageBlock images = GoldenNetwork.images();
    assertEquals(3, part.count());
    for (int n = 0; n < 3; n++) {
      assertEquals(images.ids()[5 + n], part.ids()[n]);
      assertEquals(images.labels()[5 + n], part.labels()[n]);
    }
    assertArrayEquals(
        Arrays.copyOfRange(whole.cam(), 5 * 784, 8 * 784), Arrays.copyOf(part.cam(), 3 * 784));
    assertArrayEquals(
        Arrays.copyOfRange(whole.features(), 5 * 1152, 8 * 1152),
        Arrays.copyOf(part.features(), 3 * 1152));
    assertArrayEquals(
        Arrays.copyOfRange(whole.auditError(), 5, 8), Arrays.copyOf(part.auditError(), 3));
  }
}
