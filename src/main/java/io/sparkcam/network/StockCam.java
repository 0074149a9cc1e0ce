package io.sparkcam.network;

import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Any DL4J network that ends in global average pooling and a dense softmax layer, computed by
 * DL4J's own layers: what is not a {@link GapCnn}.
 *
 * @param configuration DL4J's, as JSON
 * @param featureLayer index of the layer whose output is pooled
 */
public record StockCam(
    String configuration,
    int featureLayer,
    int height,
    int width,
    int channels,
    int classes,
    int featureRows,
    int featureColumns,
    int featureChannels,
    double cellOffset,
    double cellStride,
    int parameterCount,
    int headOffset)
    implements CamNetwork {

  /**
   * Finds the three layers that CAM needs.
   *
   * @throws IllegalArgumentException saying what is missing
   */
  static StockCam of(MultiLayerNetwork network, int height, int width, int channels) {
    MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
    List<Layer> layers =
        configuration.getConfs().stream().map(NeuralNetConfiguration::getLayer).toList();
    int last = layers.size() - 1;
    if (!(layers.get(last) instanceof OutputLayer output)
        || !(output.getActivationFn() instanceof ActivationSoftmax)
        || !output.hasBias()) {
      throw new IllegalArgumentException("no dense softmax layer with bias at its end");
    }
    if (last < 2
        || !(layers.get(last - 1) instanceof GlobalPoolingLayer pooling)
        || pooling.getPoolingType() != PoolingType.AVG) {
      throw new IllegalArgumentException("no global average pooling before its dense layer");
    }
    INDArray features = features(network, last - 2, height, width, channels);
    double offset = 0;
    double stride = 1;
    for (Layer layer : layers.subList(0, last - 1)) {
      Window window = Window.of(layer);
      offset += window.shift() * stride;
      stride *= window.stride();
    }
    int parameters = (int) network.numParams();
    return new StockCam(
        configuration.toJson(),
        last - 2,
        height,
        width,
        channels,
        (int) output.getNOut(),
        (int) features.size(2),
        (int) features.size(3),
        (int) features.size(1),
        offset,
        stride,
        parameters,
        parameters - (int) (output.getNIn() * output.getNOut() + output.getNOut()));
  }

  private static INDArray features(
      MultiLayerNetwork network, int layer, int height, int width, int channels) {
    INDArray features;
    try {
      INDArray blank = Nd4j.zeros(DataType.FLOAT, 1, channels, height, width);
      features = network.feedForwardToLayer(layer, blank, false).get(layer + 1);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "does not take images of %dx%d with %d channels: %s"
              .formatted(height, width, channels, e.getMessage()),
          e);
    }
    if (features.rank() != 4) {
      throw new IllegalArgumentException("what it pools are no feature maps");
    }
    return features;
  }

  @Override
  public FeatureMaps featureMaps(Engine engine) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(MultiLayerConfiguration.fromJson(configuration));
    network.init();
    return new StockFeatureMaps(this, network, featureLayer);
  }

  /**
   * How a layer moves and thins the grid of cells.
   *
   * @param shift of the first cell, in cells of the layer below
   * @param stride in cells of the layer below
   */
  private record Window(double shift, int stride) {
    static Window of(Layer layer) {
      if (layer instanceof ConvolutionLayer convolution) {
        int extent = (convolution.getKernelSize()[0] - 1) * convolution.getDilation()[0];
        return of(
            extent,
            convolution.getStride()[0],
            convolution.getPadding()[0],
            convolution.getConvolutionMode());
      }
      if (layer instanceof SubsamplingLayer pooling) {
        return of(
            pooling.getKernelSize()[0] - 1,
            pooling.getStride()[0],
            pooling.getPadding()[0],
            pooling.getConvolutionMode());
      }
      return new Window(0, 1);
    }

    /** Same-padding of stride s leaves the windows' centres (s - 1) / 2 from the first cell. */
    private static Window of(int extent, int stride, int padding, ConvolutionMode mode) {
      double shift = mode == ConvolutionMode.Same ? (stride - 1) / 2.0 : extent / 2.0 - padding;
      return new Window(shift, stride);
    }
  }
}
