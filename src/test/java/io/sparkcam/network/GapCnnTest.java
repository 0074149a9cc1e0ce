package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.testing.GoldenNetwork;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.learning.config.Adam;

class GapCnnTest {
  private static final GapCnn LAB = GoldenNetwork.MODEL;

  @Test
  void labNetwork() {
    assertEquals("1x28x28 -> 16 pool -> 32 pool -> 64 pool -> 128", LAB.trunk().toString());
    assertEquals(98_442, LAB.parameterCount());
    assertEquals(3 * 3 * 128, LAB.trunk().featureSize());
    assertEquals(8, LAB.trunk().featureStride());
    assertEquals(98_442 + 2 * 9 * 16, GapCnn.lab(28, 28, 3, 10).parameterCount());
  }

  @Test
  void layersOfTheStockNetwork() {
    String summary = LAB.network(TrainableNetwork.adam(1e-3)).summary();
    List<String> layers =
        summary
            .lines()
            .filter(line -> line.startsWith("layer"))
            .map(line -> line.replaceAll(" +", " ").strip())
            .toList();
    assertEquals(
        List.of(
            "layer0 (ConvolutionLayer) 1,16 160 b:{16}, W:{16,1,3,3}",
            "layer1 (SubsamplingLayer) -,- 0 -",
            "layer2 (ConvolutionLayer) 16,32 4,640 b:{32}, W:{32,16,3,3}",
            "layer3 (SubsamplingLayer) -,- 0 -",
            "layer4 (ConvolutionLayer) 32,64 18,496 b:{64}, W:{64,32,3,3}",
            "layer5 (SubsamplingLayer) -,- 0 -",
            "layer6 (ConvolutionLayer) 64,128 73,856 b:{128}, W:{128,64,3,3}",
            "layer7 (GlobalPoolingLayer) -,- 0 -",
            "layer8 (OutputLayer) 128,10 1,290 W:{128,10}, b:{10}"),
        layers);
    assertTrue(summary.contains("Total Parameters:  98,442"));
  }

  @Test
  void weightsAreGlorotUniformAndFollowFromTheSeed() {
    float[] parameters =
        LAB.network(TrainableNetwork.adam(1e-3), 5).params().dup().data().asFloat();
    assertArrayEquals(
        parameters, LAB.network(TrainableNetwork.adam(0.1), 5).params().dup().data().asFloat());
    assertFalse(
        Arrays.equals(
            parameters,
            LAB.network(TrainableNetwork.adam(1e-3), 6).params().dup().data().asFloat()));
    RandomNetwork.arrays(LAB)
        .forEach(
            (name, range) -> {
              double largest = 0;
              double squares = 0;
              for (int i = range.from(); i < range.end(); i++) {
                largest = Math.max(largest, Math.abs(parameters[i]));
                squares += parameters[i] * (double) parameters[i];
              }
              double bound = glorot(name);
              assertTrue(largest <= bound * 1.000001, name);
              // A uniform variable's standard deviation: of 144 weights or more, within a tenth.
              double deviation = Math.sqrt(squares / (range.end() - range.from()));
              assertEquals(bound / Math.sqrt(3), deviation, 0.1 * bound, name);
            });
  }

  /** The bound of Glorot and Bengio (2010), sqrt(6 / (fan in + fan out)); biases start at zero. */
  private static double glorot(String name) {
    return switch (name) {
      case "W1" -> Math.sqrt(6.0 / (9 * (1 + 16)));
      case "W2" -> Math.sqrt(6.0 / (9 * (16 + 32)));
      case "W3" -> Math.sqrt(6.0 / (9 * (32 + 64)));
      case "W4" -> Math.sqrt(6.0 / (9 * (64 + 128)));
      case "W" -> Math.sqrt(6.0 / (128 + 10));
      default -> 0;
    };
  }

  @Test
  void adamIsTheLabs() {
    Adam adam = TrainableNetwork.adam(2e-3);
    assertEquals(2e-3, adam.getLearningRate());
    assertEquals(0.9, adam.getBeta1());
    assertEquals(0.999, adam.getBeta2());
    assertEquals(1e-7, adam.getEpsilon());
  }

  @Test
  void denseLayerAsKerasHoldsIt() {
    GapCnn model = RandomNetwork.parse("1x4x4 3", 2);
    float[] parameters = new float[model.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = i;
    }
    int first = model.trunk().parameterCount();
    // Of class 0 the three weights, of class 1 the three weights, then the biases.
    assertArrayEquals(
        new float[] {first, first + 3, first + 1, first + 4, first + 2, first + 5},
        model.denseWeights(parameters));
    assertArrayEquals(new float[] {first + 6, first + 7}, model.denseBias(parameters));
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  @Test
  void refusesWhatItIsNotFor() {
    assertEquals("classes: 1, expected at least 2", refused(() -> new GapCnn(LAB.trunk(), 1)));
    assertEquals(
        "images of (1, 28, 27), expected (1, 28, 28): channels, rows, columns",
        refused(() -> LAB.requireImages(new ImageShape(28, 27, 1))));
    assertEquals(
        "images of (3, 28, 28), expected (1, 28, 28): channels, rows, columns",
        refused(() -> LAB.requireImages(new ImageShape(28, 28, 3))));
    LAB.requireImages(new ImageShape(28, 28, 1));
    assertEquals(
        "moments: 3 values, expected 4, two a parameter",
        refused(() -> new TrainingState(new float[2], new float[3], 0)));
    assertEquals(
        "iteration: -1, expected at least 0",
        refused(() -> new TrainingState(new float[2], new float[4], -1)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void trainersRefuseBadBatches(Engine engine) {
    GapCnn model = RandomNetwork.parse("1x4x4 3", 2);
    try (Trainer trainer = engine.trainer(model, AdamRule.LAB)) {
      float[] images = new float[32];
      assertEquals(
          "label -1 of image 1, expected 0 to 1",
          refused(() -> trainer.step(2, images, new int[] {0, -1}, 0.1)));
      assertEquals(
          "label 2 of image 0, expected 0 to 1",
          refused(() -> trainer.step(2, images, new int[] {2, 0}, 0.1)));
      assertEquals(
          "batch of 3 images: 3 labels and 32 values, expected one and 16 an image",
          refused(() -> trainer.step(3, images, new int[3], 0.1)));
      assertEquals(
          "batch of 2 images: 1 labels and 32 values, expected one and 16 an image",
          refused(() -> trainer.step(2, images, new int[1], 0.1)));
      assertEquals(
          "batch of 0 images: 0 labels and 32 values, expected one and 16 an image",
          refused(() -> trainer.step(0, images, new int[0], 0.1)));
    }
  }
}
