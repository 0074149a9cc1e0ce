package io.sparkcam.network.layer;

import io.sparkcam.network.Trunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Names and places of a {@link ConvolutionTrunk}'s parameters: {@code b1, W1, b2, W2, ...}, each
 * where the stock convolution layer of that number keeps its own. (No underscore in a name: DL4J
 * splits names there.)
 */
final class ConvolutionTrunkParameters implements ParamInitializer {
  static final ConvolutionTrunkParameters INSTANCE = new ConvolutionTrunkParameters();

  private ConvolutionTrunkParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return trunk(layer).parameterCount();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return names(layer, "b", "W");
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return names(layer, "W");
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return names(layer, "b");
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return key.startsWith("W");
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return key.startsWith("b");
  }

  /**
   * Views on {@code parameters}; the values come from the stock network, so nothing is initialised
   * here.
   */
  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parameters, boolean initialize) {
    Map<String, INDArray> views = views(conf, parameters);
    views.keySet().forEach(conf::addVariable);
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradients) {
    return views(conf, gradients);
  }

  private static Map<String, INDArray> views(NeuralNetConfiguration conf, INDArray flattened) {
    Trunk trunk = trunk(conf.getLayer());
    INDArray vector = flattened.reshape(flattened.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    for (int i = 0; i < trunk.stages().size(); i++) {
      Trunk.Stage stage = trunk.stages().get(i);
      int bias = trunk.biasOffset(i);
      int weights = bias + stage.filters();
      views.put("b" + (i + 1), vector.get(NDArrayIndex.interval(bias, weights)));
      views.put(
          "W" + (i + 1),
          vector
              .get(NDArrayIndex.interval(weights, weights + trunk.weightCount(i)))
              .reshape(
                  'c', stage.filters(), trunk.channelsInto(i), stage.kernel(), stage.kernel()));
    }
    return views;
  }

  private static List<String> names(Layer layer, String... prefixes) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= trunk(layer).stages().size(); i++) {
      for (String prefix : prefixes) {
        names.add(prefix + i);
      }
    }
    return names;
  }

  private static Trunk trunk(Layer layer) {
    return ((ConvolutionTrunk) layer).trunk();
  }
}
