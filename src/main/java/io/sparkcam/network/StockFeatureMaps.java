package io.sparkcam.network;

import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link FeatureMaps} on DL4J's own layers. */
final class StockFeatureMaps implements FeatureMaps {
  private final CamNetwork model;
  private final MultiLayerNetwork network;
  private final int featureLayer;

  /**
   * Of an initialised network.
   *
   * @param featureLayer index of the layer whose output the features are
   */
  StockFeatureMaps(CamNetwork model, MultiLayerNetwork network, int featureLayer) {
    this.model = model;
    this.network = network;
    this.featureLayer = featureLayer;
  }

  @Override
  public void load(float[] parameters) {
    network.setParams(Nd4j.createFromArray(parameters));
  }

  @Override
  public void compute(int batch, float[] images, float[] features) {
    INDArray input =
        Nd4j.create(
            Arrays.copyOf(images, batch * model.inputSize()),
            new long[] {batch, model.channels(), model.height(), model.width()});
    INDArray maps = network.feedForwardToLayer(featureLayer, input, false).get(featureLayer + 1);
    float[] values = maps.permute(0, 2, 3, 1).dup('c').data().asFloat();
    System.arraycopy(values, 0, features, 0, values.length);
  }

  @Override
  public void close() {
    network.close();
  }
}
