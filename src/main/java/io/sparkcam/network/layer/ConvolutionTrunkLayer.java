package io.sparkcam.network.layer;

import io.sparkcam.network.ParameterOrder;
import io.sparkcam.network.Trunk;
import io.sparkcam.network.TrunkEngine;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J layer: runs a {@link TrunkEngine}, which gets copies of the network's arrays. */
final class ConvolutionTrunkLayer extends BaseLayer<ConvolutionTrunk> {
  private static final long serialVersionUID = 1L;

  private final transient TrunkEngine engine;
  private final transient ParameterOrder order;

  ConvolutionTrunkLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
    if (dataType != DataType.FLOAT) {
      throw new IllegalArgumentException("trunk: data type " + dataType + ", expected FLOAT");
    }
    ConvolutionTrunk layer = layerConf();
    engine = layer.engine().create(layer.trunk(), TrunkEngine.Layout.CHANNELS_FIRST);
    order = new ParameterOrder(engine);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    Trunk trunk = layerConf().trunk();
    int batch = (int) input.size(0);
    float[] features = new float[batch * trunk.featureSize()];
    engine.load(order.toEngine(values(paramsFlattened)));
    if (training) {
      engine.forward(batch, values(input), features);
    } else {
      engine.infer(batch, values(input), features);
    }
    INDArray result =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            DataType.FLOAT,
            new long[] {
              batch, trunk.featureChannels(), trunk.featureRows(), trunk.featureColumns()
            },
            'c');
    at(result).put(features);
    return result;
  }

  /**
   * Fills the gradient views, summed over the batch as DL4J expects. There is no layer below that
   * wants an epsilon.
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    float[] gradients = new float[layerConf().trunk().parameterCount()];
    engine.backward(values(epsilon), gradients);
    at(gradientsFlattened).put(order.toStock(gradients));
    Gradient gradient = new DefaultGradient(gradientsFlattened);
    for (Map.Entry<String, INDArray> view : gradientViews.entrySet()) {
      gradient.setGradientFor(view.getKey(), view.getValue());
    }
    return new Pair<>(gradient, null);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void close() {
    engine.close();
  }

  private static float[] values(INDArray array) {
    INDArray dense = array.ordering() == 'c' && !array.isView() ? array : array.dup('c');
    float[] values = new float[(int) dense.length()];
    at(dense).get(values);
    return values;
  }

  private static FloatPointer at(INDArray array) {
    return new FloatPointer(array.data().pointer()).getPointer(array.offset());
  }
}
