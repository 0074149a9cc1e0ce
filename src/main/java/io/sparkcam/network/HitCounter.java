package io.sparkcam.network;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
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
    count(activations.get(activations.size() - 1), ((MultiLayerNetwork) model).getOutputLayer());
  }

  @Override
  public void onForwardPass(Model model, Map<String, INDArray> activations) {
    ComputationGraph graph = (ComputationGraph) model;
    String output = graph.getConfiguration().getNetworkOutputs().get(0);
    String input = graph.getConfiguration().getVertexInputs().get(output).get(0);
    count(activations.get(input), graph.getOutputLayer(0));
  }

  private void count(INDArray input, Layer dense) {
    INDArray logits =
        input
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
