package io.sparkcam.network;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * How large a network may be that comes from elsewhere. DL4J checks sizes where a network is built,
 * not where its configuration is read, and its native code does not check them at all.
 */
final class ModelLimits {
  /** 256 MiB of floats: more than any of the usual image classifiers. */
  static final long MOST_PARAMETERS = 1 << 26;

  /** Outputs of all layers together, for one image. */
  private static final long MOST_ACTIVATIONS = 1 << 26;

  /** Of a layer's inputs or outputs. */
  private static final long MOST_CHANNELS = 1 << 20;

  /** Of a kernel's side: with {@link #MOST_CHANNELS} no count of parameters overflows. */
  private static final int LARGEST_KERNEL = 1 << 8;

  private ModelLimits() {}

  /**
   * Refuses sizes that no layer can have.
   *
   * @throws IllegalArgumentException naming the layer
   */
  static void requireSizes(MultiLayerConfiguration configuration) {
    int number = 1;
    for (NeuralNetConfiguration part : configuration.getConfs()) {
      Layer layer = part.getLayer();
      String name = "layer " + number;
      if (layer instanceof FeedForwardLayer sized) {
        require(name, "inputs", sized.getNIn(), 0, MOST_CHANNELS);
        require(name, "outputs", sized.getNOut(), 0, MOST_CHANNELS);
      }
      if (layer instanceof ConvolutionLayer convolution) {
        require(name, "kernel", convolution.getKernelSize(), LARGEST_KERNEL);
        require(name, "stride", convolution.getStride(), Integer.MAX_VALUE);
        require(name, "dilation", convolution.getDilation(), LARGEST_KERNEL);
      }
      if (layer instanceof SubsamplingLayer pooling) {
        require(name, "kernel", pooling.getKernelSize(), Integer.MAX_VALUE);
        require(name, "stride", pooling.getStride(), Integer.MAX_VALUE);
        require(name, "dilation", pooling.getDilation(), LARGEST_KERNEL);
      }
      number++;
    }
  }

  private static void require(String layer, String what, int[] sides, int most) {
    if (sides.length != 2) {
      throw new IllegalArgumentException(
          "%s: %s of %d sides, expected 2".formatted(layer, what, sides.length));
    }
    for (int side : sides) {
      require(layer, what, side, 1, most);
    }
  }

  private static void require(String layer, String what, long found, long least, long most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "%s: %s %d, expected %d to %d".formatted(layer, what, found, least, most));
    }
  }

  /**
   * What the layers' parameters come to.
   *
   * @throws IllegalArgumentException if they are more than {@link #MOST_PARAMETERS}
   */
  static long parameterCount(MultiLayerConfiguration configuration) {
    long count = 0;
    for (NeuralNetConfiguration part : configuration.getConfs()) {
      count = Math.addExact(count, part.getLayer().initializer().numParams(part));
      require("network", "parameters", count, 0, MOST_PARAMETERS);
    }
    return count;
  }

  /**
   * Refuses a network whose layers' outputs would not fit into memory, or not follow from each
   * other.
   *
   * @throws IllegalArgumentException saying so
   */
  static void requireActivations(
      MultiLayerConfiguration configuration, int height, int width, int channels) {
    long count = 0;
    try {
      for (InputType output :
          configuration.getLayerActivationTypes(InputType.convolutional(height, width, channels))) {
        count = Math.addExact(count, output.arrayElementsPerExample());
        require("network", "outputs for an image", count, 1, MOST_ACTIVATIONS);
      }
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "does not take images of %dx%d with %d channels: %s"
              .formatted(height, width, channels, e.getMessage()),
          e);
    }
  }
}
