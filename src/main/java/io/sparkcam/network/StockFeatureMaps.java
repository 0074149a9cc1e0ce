package io.sparkcam.network;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link FeatureMaps} on DL4J's own layers. */
public final class StockFeatureMaps implements FeatureMaps {
  private final CamNetwork model;
  private final ComputationGraph network;
  private final FeatureVertex vertex;

  /** Of an initialised network. */
  public StockFeatureMaps(CamNetwork model, ComputationGraph network, FeatureVertex vertex) {
    this.model = model;
    this.network = network;
    this.vertex = vertex;
  }

  @Override
  public void load(float[] parameters) {
    float[] own = Arrays.copyOf(parameters, Math.toIntExact(network.numParams()));
    network.setParams(Nd4j.createFromArray(own).reshape(1, -1));
  }

  @Override
  public void compute(int batch, float[] images, float[] features) {
    INDArray input =
        Nd4j.create(
            Arrays.copyOf(images, batch * model.inputSize()),
            new long[] {batch, model.channels(), model.height(), model.width()});
    float[] values = vertex.compute(network, input).dup('c').data().asFloat();
    System.arraycopy(values, 0, features, 0, values.length);
  }

  @Override
  public void close() {
    network.close();
  }
}
