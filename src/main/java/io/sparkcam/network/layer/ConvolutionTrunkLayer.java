package io.sparkcam.network.layer;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.TrunkEngine;
import io.sparkcam.network.onednn.OneDnnTrunk;
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

/** DL4J layer: runs a {@link TrunkEngine} on the network's own parameter and gradient memory. */
final class ConvolutionTrunkLayer extends BaseLayer<ConvolutionTrunk> {
  private static final long serialVersionUID = 1L;

  private final transient TrunkEngine engine;

  ConvolutionTrunkLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
    if (dataType != DataType.FLOAT) {
      throw new IllegalArgumentException("trunk: data type " + dataType + ", expected FLOAT");
    }
    engine = new OneDnnTrunk(layerConf().trunk(), TrunkEngine.Layout.CHANNELS_FIRST);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    Trunk trunk = layerConf().trunk();
    INDArray images = input.ordering() == 'c' && !input.isView() ? input : input.dup('c');
    int batch = (int) images.size(0);
    INDArray features =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            DataType.FLOAT,
            new long[] {
              batch, trunk.featureChannels(), trunk.featureRows(), trunk.featureColumns()
            },
            'c');
    if (training) {
      engine.forward(batch, at(images), at(paramsFlattened), at(features));
    } else {
      engine.infer(batch, at(images), at(paramsFlattened), at(features));
    }
    return features;
  }

  /**
   * Fills the gradient views, summed over the batch as DL4J expects. There is no layer below that
   * wants an epsilon.
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray dense = epsilon.ordering() == 'c' && !epsilon.isView() ? epsilon : epsilon.dup('c');
    engine.backward(at(dense), at(gradientsFlattened));
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

  private static FloatPointer at(INDArray array) {
    return new FloatPointer(array.data().pointer()).getPointer(array.offset());
  }
}
