package io.sparkcam.network.file.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.ClassActivation;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.HeadKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as exporters write them, with what they compute in double precision. */
class OnnxFileTest {
  private static final String BY_PYTORCH = "lab,densenet,squeezenet";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab",
        "densenet",
        "squeezenet",
        "resnet",
        "mobilenet",
        "efficientnet",
        "tensorflow",
        "branches",
        "tagger",
        "flat"
      })
  void logitsFeaturesAndMapsAreThoseOfTheReference(String name) throws IOException {
    OnnxCase file = new OnnxCase(name);
    OnnxModel model = file.model();
    ForwardPass classifier = classifier(model);
    float[] images = file.values("x");
    float[] logits = file.values("y");
    classifier.classify(images, images.length / file.images().size());
    assertNear(logits, classifier.logits(), 1e-5);
    CamNetwork network = model.network();
    assertNear(file.values("f"), channelsFirst(network, classifier.features()), 1e-5);

    ClassActivation activation = activation(model);
    float[] maps = new float[network.classes() * network.featureRows() * network.featureColumns()];
    activation.maps(classifier.features(), 1, maps);
    if (!BY_PYTORCH.contains(name)) {
      assertNear(file.values("cam"), maps, 1e-4);
    }
    assertTrue(activation.audit(maps, 0, logits, 0) < 1e-4);
  }

  /** Read again, which compares the file's own probabilities with those of the head found. */
  @ParameterizedTest
  @ValueSource(strings = {"densenet", "tensorflow", "branches", "flat"})
  void anotherHeadTakesTheAverages(String name) throws IOException {
    OnnxCase file = new OnnxCase(name);
    OnnxModel model = file.model();
    int channels = model.network().featureChannels();
    float[] head = new float[3 * (channels + 1)];
    for (int i = 0; i < head.length; i++) {
      head[i] = (i * 7 % 11 - 5) / 10f;
    }
    OnnxModel written = file.read(model.rewriting().withHead(3, head), file.images());
    assertArrayEquals(head, written.parameters());
    float[] image = Arrays.copyOf(file.values("x"), file.images().size());
    ForwardPass before = classifier(model);
    before.classify(image, 1);
    ForwardPass classifier = classifier(written);
    classifier.classify(image, 1);
    int size = model.network().featureSize();
    for (int c = 0; c < 3; c++) {
      double logit = head[3 * channels + c];
      for (int i = 0; i < size; i++) {
        logit += head[c * channels + i % channels] * before.features()[i] * channels / size;
      }
      assertEquals(logit, classifier.logits()[c], 1e-4 * Math.max(1, Math.abs(logit)));
    }
    file.read(written.rewriting().withHead(3, head), file.images());
  }

  /** One output is two classes; several sigmoids are no softmax. */
  @ParameterizedTest
  @CsvSource({
    "lab, SOFTMAX, 10",
    "tensorflow, SOFTMAX, 5",
    "tagger, SIGMOID, 4",
    "flat, SOFTMAX, 2"
  })
  void headsAreKnown(String name, HeadKind kind, int classes) throws IOException {
    CamNetwork network = new OnnxCase(name).model().network();
    assertEquals(kind, network.headKind());
    assertEquals(classes, network.classes());
  }

  @Test
  void logitsTakeTheHeadThatIsAskedFor() throws IOException {
    OnnxCase lab = new OnnxCase("lab");
    Optional<HeadKind> sigmoids = Optional.of(HeadKind.SIGMOID);
    var file = new java.io.ByteArrayInputStream(lab.bytes("onnx"));
    CamNetwork network = OnnxFile.read(file, "lab.onnx", lab.images(), sigmoids).network();
    assertEquals(HeadKind.SIGMOID, network.headKind());
  }

  /** A graph of a fixed batch is asked image by image: no result may be another image's. */
  @ParameterizedTest
  @ValueSource(strings = {"branches", "resnet"})
  void anImageDoesNotDependOnItsBatch(String name) throws IOException {
    OnnxCase file = new OnnxCase(name);
    ForwardPass classifier = classifier(file.model());
    float[] two = file.values("x");
    float[] seven = new float[two.length / 2 * 7];
    for (int i = 0; i < seven.length; i++) {
      seven[i] = two[i % two.length];
    }
    classifier.classify(two, 2);
    float[] expected = Arrays.copyOf(classifier.logits(), file.values("y").length);
    classifier.classify(seven, 7);
    for (int i = 0; i < expected.length / 2 * 7; i++) {
      assertEquals(expected[i % expected.length], classifier.logits()[i], 1e-6);
    }
  }

  /** Where a row of cells changes when a row of pixels does is where it looks. */
  @ParameterizedTest
  @ValueSource(strings = {"densenet", "mobilenet", "tensorflow", "squeezenet", "tagger"})
  void cellsLookWhereTheyChange(String name) throws IOException {
    OnnxCase file = new OnnxCase(name);
    OnnxModel model = file.model();
    CamNetwork network = model.network();
    ForwardPass classifier = classifier(model);
    float[] image = Arrays.copyOf(file.values("x"), file.images().size());
    classifier.classify(image, 1);
    float[] before = Arrays.copyOf(classifier.features(), network.featureSize());
    int[] first = new int[network.featureRows()];
    int[] last = new int[network.featureRows()];
    Arrays.fill(first, Integer.MAX_VALUE);
    int rowSize = network.featureSize() / network.featureRows();
    for (int row = 0; row < network.height(); row++) {
      float[] changed = image.clone();
      for (int i = 0; i < changed.length; i++) {
        changed[i] = i / network.width() % network.height() == row ? 1 - changed[i] : changed[i];
      }
      classifier.classify(changed, 1);
      for (int i = 0; i < before.length; i++) {
        if (before[i] != classifier.features()[i]) {
          first[i / rowSize] = Math.min(first[i / rowSize], row);
          last[i / rowSize] = row;
        }
      }
    }
    CellGrid.Axis rows = network.cellGrid().orElseThrow().rows();
    int compared = 0;
    for (int cell = 0; cell < first.length; cell++) {
      // What is cut off at the border has another centre.
      if (first[cell] > 0 && last[cell] < network.height() - 1) {
        assertEquals(
            rows.offset() + cell * rows.stride(), (first[cell] + last[cell]) / 2.0, "row " + cell);
        compared++;
      }
    }
    assertTrue(compared > 0, "no row of cells lies inside the image");
  }

  /** Windows larger than the image: by the arithmetic of their layers. */
  @ParameterizedTest
  @CsvSource({"lab, 3.5, 8", "resnet, 0, 8"})
  void largeWindowsLieWhereTheirLayersPutThem(String name, double offset, double stride)
      throws IOException {
    assertEquals(
        Optional.of(CellGrid.square(offset, stride)),
        new OnnxCase(name).model().network().cellGrid());
  }

  @Test
  void branchesThatLookAtDifferentPixelsHaveNoGeometry() throws IOException {
    assertEquals(Optional.empty(), new OnnxCase("branches").model().network().cellGrid());
  }

  @Test
  void twoDenseLayersAreRefused() {
    IOException refused = assertThrows(IOException.class, new OnnxCase("vgg")::model);
    assertEquals(
        "vgg.onnx: cannot be explained: two dense layers with Relu '/cl/cl.1/Relu' between them,"
            + " after Gemm '/cl/cl.0/Gemm': class activation maps need one",
        refused.getMessage());
  }

  private static ForwardPass classifier(OnnxModel model) {
    ForwardPass classifier = new ForwardPass(model.network(), model.network().stockFeatureMaps());
    classifier.load(model.parameters());
    return classifier;
  }

  private static ClassActivation activation(OnnxModel model) {
    CamNetwork network = model.network();
    return new ClassActivation(
        network.featureRows(),
        network.featureColumns(),
        network.featureChannels(),
        network.classes(),
        network.denseWeights(model.parameters()),
        network.denseBias(model.parameters()));
  }

  private static float[] channelsFirst(CamNetwork network, float[] features) {
    int cells = network.featureRows() * network.featureColumns();
    int channels = network.featureChannels();
    float[] turned = new float[cells * channels];
    for (int i = 0; i < turned.length; i++) {
      turned[i % channels * cells + i / channels] = features[i];
    }
    return turned;
  }

  /** Relative to the largest value, if that is above 1. */
  private static void assertNear(float[] expected, float[] found, double tolerance) {
    double scale = 1;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertTrue(found.length >= expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], tolerance * scale, "value " + i);
    }
  }
}
