package io.sparkcam.network;

import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What a DL4J network makes of a batch. */
public final class Backpropagation {
  private final double loss;
  private final float[] gradients;

  private Backpropagation(double loss, float[] gradients) {
    this.loss = loss;
    this.gradients = gradients;
  }

  /** Mean over the batch. */
  public double loss() {
    return loss;
  }

  /** Derivative of the loss's sum by each parameter, flattened: DL4J divides later. */
  public float[] gradients() {
    return gradients;
  }

  /** Through a network, which gets the parameters. */
  static Backpropagation through(
      MultiLayerNetwork network, GapCnn model, float[] parameters, float[] images, int[] labels) {
    DataSet batch = batch(model, images, labels);
    network.setParams(Nd4j.createFromArray(parameters));
    network.setInput(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    return new Backpropagation(
        network.score(), network.gradient().gradient().dup().data().asFloat());
  }

  /** Through the stock layers of {@code model}. */
  public static Backpropagation stock(
      GapCnn model, float[] parameters, float[] images, int[] labels) {
    return through(model.network(TrainableNetwork.adam(1e-3)), model, parameters, images, labels);
  }

  /** Images {@code (batch, C, H, W)} and labels as DL4J takes them. */
  static DataSet batch(GapCnn model, float[] images, int[] labels) {
    Trunk trunk = model.trunk();
    INDArray oneHot = Nd4j.zeros(DataType.FLOAT, labels.length, model.classes());
    for (int n = 0; n < labels.length; n++) {
      oneHot.putScalar(n, labels[n], 1);
    }
    float[] values = Arrays.copyOf(images, labels.length * trunk.inputSize());
    long[] shape = {labels.length, trunk.channels(), trunk.height(), trunk.width()};
    return new DataSet(Nd4j.create(values, shape), oneHot);
  }
}
