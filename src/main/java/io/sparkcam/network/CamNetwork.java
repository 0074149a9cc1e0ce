package io.sparkcam.network;

import io.sparkcam.dataset.ImageShape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;

/**
 * A network that class activation maps explain: something convolutional, global average pooling,
 * one dense softmax layer (Zhou et al. 2016). Says what it looks like; its parameters travel
 * separately, flattened in DL4J's order.
 */
public interface CamNetwork extends Serializable {
  /** H: rows of an image. */
  int height();

  /** W: columns of an image. */
  int width();

  /** C: channels of an image. */
  int channels();

  /** Number of classes. */
  int classes();

  /** h: rows of the last convolution's output. */
  int featureRows();

  /** w: columns of the last convolution's output. */
  int featureColumns();

  /** K: channels of the last convolution's output. */
  int featureChannels();

  /** Where its feature cells look; empty where each looks at several places. */
  Optional<CellGrid> cellGrid();

  /** Number of all parameters. */
  int parameterCount();

  /** Where the dense layer's parameters start among them. */
  int headOffset();

  /**
   * The convolutions, where they are a plain stack that a fast engine can compute; their parameters
   * come first.
   */
  default Optional<Trunk> plainStack() {
    return Optional.empty();
  }

  /**
   * What computes its features where no engine of ours can; {@link FeatureMaps#load} gives it its
   * parameters.
   */
  FeatureMaps stockFeatureMaps();

  /** Refuses images of another size. */
  default void requireImages(ImageShape shape) {
    if (shape.channels() != channels() || shape.height() != height() || shape.width() != width()) {
      throw new IllegalArgumentException(
          "images of (%d, %d, %d), expected (%d, %d, %d): channels, rows, columns"
              .formatted(
                  shape.channels(), shape.height(), shape.width(), channels(), height(), width()));
    }
  }

  /** Values of one image. */
  default int inputSize() {
    return channels() * height() * width();
  }

  /** Values of one image's features: h times w times K. */
  default int featureSize() {
    return featureRows() * featureColumns() * featureChannels();
  }

  /** Pooling, dense layer and softmax. */
  default GapHead head() {
    return new GapHead(featureRows() * featureColumns(), featureChannels(), classes());
  }

  /**
   * The dense layer's weights {@code (K, classes)} row-major, as Keras holds its kernel, out of the
   * flattened parameters.
   */
  default float[] denseWeights(float[] parameters) {
    float[] weights = new float[featureChannels() * classes()];
    for (int c = 0; c < classes(); c++) {
      for (int k = 0; k < featureChannels(); k++) {
        weights[k * classes() + c] = parameters[headOffset() + c * featureChannels() + k];
      }
    }
    return weights;
  }

  /** The dense layer's bias, one a class, out of the flattened parameters. */
  default float[] denseBias(float[] parameters) {
    int from = headOffset() + featureChannels() * classes();
    return Arrays.copyOfRange(parameters, from, from + classes());
  }
}
