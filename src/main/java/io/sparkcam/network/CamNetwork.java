package io.sparkcam.network;

import io.sparkcam.data.ImageShape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;

/**
 * A network that class activation maps explain: something convolutional, global average pooling,
 * one dense layer (Zhou et al. 2016), or a dense layer that takes every cell. Says what it looks
 * like; its parameters travel separately: what computes the features, and from {@link #headOffset}
 * on the dense layer's, in the order of {@link GapHead}.
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
          "images of (%s, %s, %s), expected (%s, %s, %s): channels, rows, columns"
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

  /** How its features want their pixels, where not from 0 to 1. */
  default Optional<PixelScale> pixels() {
    return Optional.empty();
  }

  /** What makes probabilities of its logits. */
  default HeadKind headKind() {
    return HeadKind.SOFTMAX;
  }

  /**
   * Whether the dense layer has a weight for each cell and channel, instead of one for the average
   * of a channel.
   */
  default boolean isFlattened() {
    return false;
  }

  /** Pooling and dense layer; a flattened image is one cell of h times w times K channels. */
  default GapHead head() {
    return isFlattened()
        ? new GapHead(1, featureSize(), classes())
        : new GapHead(featureRows() * featureColumns(), featureChannels(), classes());
  }

  /** What the dense layer takes: K values, or h times w times K. */
  private int headInputs() {
    return isFlattened() ? featureSize() : featureChannels();
  }

  /**
   * The dense layer's weights {@code (K, classes)}, or {@code (h, w, K, classes)}, row-major, as
   * Keras holds its kernel, out of the flattened parameters.
   */
  default float[] denseWeights(float[] parameters) {
    int inputs = headInputs();
    float[] weights = new float[inputs * classes()];
    for (int c = 0; c < classes(); c++) {
      for (int k = 0; k < inputs; k++) {
        weights[k * classes() + c] = parameters[headOffset() + c * inputs + k];
      }
    }
    return weights;
  }

  /** The dense layer's bias, one a class, out of the flattened parameters. */
  default float[] denseBias(float[] parameters) {
    int from = headOffset() + headInputs() * classes();
    return Arrays.copyOfRange(parameters, from, from + classes());
  }
}
