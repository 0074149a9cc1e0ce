package io.sparkcam.network;

import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link FeatureMaps} on DL4J's own layers. */
final class StockFeatureMaps implements FeatureMaps {
  private final Trunk trunk;
  private final MultiLayerNetwork network;

  StockFeatureMaps(GapCnn model) {
    this.trunk = model.trunk();
    this.network = model.network(GapCnn.adam(0));
  }

  @Override
  public void load(float[] parameters) {
    network.setParams(Nd4j.createFromArray(parameters));
  }

  @Override
  public void compute(int batch, float[] images, float[] features) {
    INDArray input =
        Nd4j.create(
            Arrays.copyOf(images, batch * trunk.inputSize()),
            new long[] {batch, trunk.channels(), trunk.height(), trunk.width()});
    int lastBeforePooling = network.getnLayers() - 3;
    INDArray maps =
        network.feedForwardToLayer(lastBeforePooling, input, false).get(lastBeforePooling + 1);
    float[] values = maps.permute(0, 2, 3, 1).dup('c').data().asFloat();
    System.arraycopy(values, 0, features, 0, values.length);
  }

  @Override
  public void close() {
    network.close();
  }
}
