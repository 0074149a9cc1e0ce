package io.sparkcam.network.file;

import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
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

  /** Outputs of a depthwise convolution for each input. */
  private static final long MOST_MULTIPLIED = 1 << 8;

  private ModelLimits() {}

  /**
   * Refuses sizes that no layer can have.
   *
   * @throws IllegalArgumentException naming the layer
   */
  static void requireSizes(List<NeuralNetConfiguration> layers) {
    int number = 1;
    for (NeuralNetConfiguration part : layers) {
      Layer layer = part.getLayer();
      String name = "layer " + number;
      if (layer instanceof FeedForwardLayer sized) {
        require(name, "inputs", sized.getNIn(), 0, MOST_CHANNELS);
        require(name, "outputs", sized.getNOut(), 0, MOST_CHANNELS);
      }
      if (layer instanceof ConvolutionLayer convolution) {
        require(name, "kernel", convolution.getKernelSize(), LARGEST_KERNEL);
        boolean upwards = layer instanceof Deconvolution2D;
        require(
            name, "stride", convolution.getStride(), upwards ? LARGEST_KERNEL : Integer.MAX_VALUE);
        require(name, "dilation", convolution.getDilation(), LARGEST_KERNEL);
      }
      if (layer instanceof DepthwiseConvolution2D depthwise) {
        long multiplier = depthwise.getDepthMultiplier();
        require(name, "depth multiplier", multiplier, 1, MOST_MULTIPLIED);
        // What comes out are that many, whatever it says.
        long outputs = depthwise.getNIn() * multiplier;
        require(name, "outputs", depthwise.getNOut(), outputs, outputs);
      }
      if (layer instanceof SeparableConvolution2D separable) {
        require(name, "depth multiplier", separable.getDepthMultiplier(), 1, MOST_MULTIPLIED);
      }
      if (layer instanceof PReLULayer prelu) {
        require(name, "sides of its input", prelu.getInputShape().length, 1, 3);
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
          "%s: %s of %s sides, expected 2".formatted(layer, what, sides.length));
    }
    for (int side : sides) {
      require(layer, what, side, 1, most);
    }
  }

  private static void require(String layer, String what, long found, long least, long most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "%s: %s %s, expected %s to %s".formatted(layer, what, found, least, most));
    }
  }

  /**
   * What the layers' parameters come to.
   *
   * @throws IllegalArgumentException if they are more than {@link #MOST_PARAMETERS}
   */
  static long parameterCount(List<NeuralNetConfiguration> layers) {
    long count = 0;
    for (NeuralNetConfiguration part : layers) {
      count = Math.addExact(count, part.getLayer().initializer().numParams(part));
      require("network", "parameters", count, 0, MOST_PARAMETERS);
    }
    return count;
  }

  /**
   * Refuses a network whose layers' outputs would not fit into memory, or not follow from each
   * other.
   *
   * @param format in which it takes images
   * @throws IllegalArgumentException saying so
   */
  static void requireActivations(
      ComputationGraphConfiguration network,
      CNN2DFormat format,
      int height,
      int width,
      int channels) {
    InputType image = InputType.convolutional(height, width, channels, format);
    long count = 0;
    try {
      // On a copy: DL4J completes what it follows.
      for (InputType output :
          network.clone().getLayerActivationTypes(true, false, image).values()) {
        count = Math.addExact(count, output.arrayElementsPerExample());
        require("network", "outputs for an image", count, 1, MOST_ACTIVATIONS);
      }
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "does not take images of %sx%s with %s channels: %s"
              .formatted(height, width, channels, e.getMessage()),
          e);
    }
  }
}
