package io.sparkcam.network.file;

import io.sparkcam.network.GapCnn;
import io.sparkcam.network.Trunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Recognises a {@link GapCnn} in the layers of a DL4J network, one after the other. */
final class ModelReader {
  private static final int[] ONE = {1, 1};
  private static final int[] TWO = {2, 2};
  private static final int[] ZERO = {0, 0};

  private final List<Layer> layers;
  private int next;

  private ModelReader(List<Layer> layers) {
    this.layers = layers;
  }

  /**
   * Reads the network that takes images of this size.
   *
   * @throws IllegalArgumentException naming the first layer that does not fit and what was expected
   *     there
   */
  static GapCnn read(List<Layer> layers, int height, int width) {
    return new ModelReader(layers).read(height, width);
  }

  private GapCnn read(int height, int width) {
    List<Trunk.Stage> stages = new ArrayList<>();
    int channels = 0;
    while (next < layers.size() && isPlainConvolution(layers.get(next))) {
      ConvolutionLayer convolution = (ConvolutionLayer) layers.get(next);
      requireConvolution(convolution);
      if (stages.isEmpty()) {
        channels = (int) convolution.getNIn();
      }
      next++;
      boolean pooled = next < layers.size() && layers.get(next) instanceof SubsamplingLayer;
      if (pooled) {
        requirePooling((SubsamplingLayer) layers.get(next));
        next++;
      }
      stages.add(
          new Trunk.Stage((int) convolution.getNOut(), convolution.getKernelSize()[0], pooled));
    }
    require(!stages.isEmpty(), "a convolution");
    require(
        current() instanceof GlobalPoolingLayer pooling
            && pooling.getPoolingType() == PoolingType.AVG,
        "global average pooling");
    next++;
    require(isDenseSoftmax(current()), "a dense softmax layer");
    int classes = (int) ((FeedForwardLayer) current()).getNOut();
    next++;
    require(next == layers.size(), "nothing after the softmax layer");
    return new GapCnn(new Trunk(height, width, channels, stages), classes);
  }

  /** Depthwise, separable and transposed convolutions are of its subclasses. */
  private static boolean isPlainConvolution(Layer layer) {
    return layer.getClass() == ConvolutionLayer.class || layer.getClass() == Convolution2D.class;
  }

  /** Whether the layer is dense, with a bias and softmax as its activation. */
  static boolean isDenseSoftmax(Layer layer) {
    boolean dense =
        (layer instanceof OutputLayer output && output.hasBias())
            || (layer instanceof DenseLayer hidden && hidden.hasBias() && !hidden.hasLayerNorm());
    return dense && ((BaseLayer) layer).getActivationFn() instanceof ActivationSoftmax;
  }

  private void requireConvolution(ConvolutionLayer layer) {
    int[] kernel = layer.getKernelSize();
    boolean sized =
        kernel.length == 2 && kernel[0] == kernel[1] && (kernel[0] == 1 || kernel[0] == 3);
    require(sized, "a convolution of 1x1 or 3x3");
    int[] padding = {kernel[0] / 2, kernel[0] / 2};
    boolean same =
        layer.getConvolutionMode() == ConvolutionMode.Same
            || Arrays.equals(layer.getPadding(), padding);
    require(
        same
            && Arrays.equals(layer.getStride(), ONE)
            && Arrays.equals(layer.getDilation(), ONE)
            && layer.hasBias()
            && isRelu(layer),
        "a same-padded convolution of stride 1 with bias and ReLU");
  }

  private void requirePooling(SubsamplingLayer layer) {
    boolean unpadded =
        layer.getConvolutionMode() != ConvolutionMode.Same
            && Arrays.equals(layer.getPadding(), ZERO);
    require(
        layer.getPoolingType() == PoolingType.MAX
            && Arrays.equals(layer.getKernelSize(), TWO)
            && Arrays.equals(layer.getStride(), TWO)
            && unpadded,
        "2x2 max pooling of stride 2, unpadded");
  }

  private static boolean isRelu(BaseLayer layer) {
    return layer.getActivationFn() instanceof ActivationReLU relu
        && (relu.getMax() == null || relu.getMax().isInfinite())
        && isZero(relu.getThreshold())
        && isZero(relu.getNegativeSlope());
  }

  private static boolean isZero(Double value) {
    return value == null || value == 0;
  }

  private Layer current() {
    return next < layers.size() ? layers.get(next) : null;
  }

  private void require(boolean fits, String expected) {
    if (!fits) {
      String found = current() == null ? "the end" : current().getClass().getSimpleName();
      throw new IllegalArgumentException(
          "layer " + (next + 1) + " is " + found + ", expected " + expected);
    }
  }
}
