package io.sparkcam.network;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Counts the images that the forward pass of a training step classifies as labelled. */
final class HitCounter extends BaseTrainingListener {
  private final int[] labels;
  private int correct;

  HitCounter(int[] labels) {
    this.labels = labels.clone();
  }

  /** What DL4J hands over ends with the input of the output layer, not with its output. */
  @Override
  public void onForwardPass(Model model, List<INDArray> activations) {
    Layer dense = ((MultiLayerNetwork) model).getOutputLayer();
    INDArray logits =
        activations
            .get(activations.size() - 1)
            .mmul(dense.getParam(DefaultParamInitializer.WEIGHT_KEY))
            .addiRowVector(dense.getParam(DefaultParamInitializer.BIAS_KEY));
    INDArray predicted = logits.argMax(1);
    correct = 0;
    for (int n = 0; n < predicted.length(); n++) {
      correct += predicted.getInt(n) == labels[n] ? 1 : 0;
    }
  }

  int correct() {
    return correct;
  }
}
