package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.engine.Engine;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForwardPassTest {
  private static final GapCnn MODEL = RandomNetwork.parse("1x4x4 3p 2", 3);

  private static ImageBlock block(int count, ImageShape shape) {
    byte[] pixels = new byte[count * shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37);
    }
    return new ImageBlock(shape, new long[count], new int[count], pixels);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void lowestOfEqualClassesIsPredicted(Engine engine) {
    ForwardPass classifier = new ForwardPass(MODEL, engine.featureMaps(MODEL));
    float[] parameters = new float[MODEL.parameterCount()];
    classifier.load(parameters);
    classifier.classify(block(2, new ImageShape(4, 4, 1)), 0, 2);
    assertEquals(0, classifier.predicted(1));
    parameters[parameters.length - 1] = 1;
    parameters[parameters.length - 2] = 1;
    assertEquals(0, classifier.predicted(1));
    classifier.load(parameters);
    classifier.classify(block(2, new ImageShape(4, 4, 1)), 0, 2);
    assertEquals(1, classifier.predicted(1));
  }

  /** Loading keeps nothing of the caller's; a batch may be any part of a block. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void parametersAreCopiedAndPartsAddressed(Engine engine) {
    RandomNetwork random = new RandomNetwork(MODEL, 1);
    float[] parameters = random.parameters.clone();
    ForwardPass classifier = new ForwardPass(MODEL, engine.featureMaps(MODEL));
    classifier.load(parameters);
    Arrays.fill(parameters, 0);
    ImageBlock block = block(5, new ImageShape(4, 4, 1));
    classifier.classify(block, 3, 1);
    float[] single = Arrays.copyOf(classifier.logits(), 3);
    classifier.classify(block, 2, 3);
    assertArrayEquals(single, Arrays.copyOfRange(classifier.logits(), 3, 6), 1e-6f);
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += classifier.probabilities()[c];
    }
    assertEquals(1, sum, 1e-6);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void refusesImagesOfAnotherSize(Engine engine) {
    ForwardPass classifier = new ForwardPass(MODEL, engine.featureMaps(MODEL));
    assertEquals(
        "images of (1, 5, 4), expected (1, 4, 4): channels, rows, columns",
        assertThrows(
                IllegalArgumentException.class,
                () -> classifier.classify(block(1, new ImageShape(5, 4, 1)), 0, 1))
            .getMessage());
  }
}
