package io.sparkcam.network.file;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * The layers from a network's input to its output. Where branches join, those of the first branch.
 *
 * @param steps from the input on
 * @param joined how many of them come before something that is no layer, such as a sum of branches
 * @param vertices how many the network has
 */
record LayerPath(List<Step> steps, int joined, int vertices) {
  private static final int[] PLANES_OF_NHWC = {1, 2};

  /**
   * A layer in its place.
   *
   * @param name of its vertex
   * @param input name of the vertex whose output it takes
   */
  record Step(String name, Layer layer, String input) {}

  LayerPath {
    steps = List.copyOf(steps);
  }

  /**
   * Follows a network from its output back to its input.
   *
   * @throws IllegalArgumentException if it has several inputs or outputs
   */
  static LayerPath of(ComputationGraphConfiguration network) {
    requireOne(network.getNetworkInputs(), "inputs");
    requireOne(network.getNetworkOutputs(), "outputs");
    Deque<Step> steps = new ArrayDeque<>();
    int unjoined = 0;
    boolean joins = false;
    String name = network.getNetworkOutputs().get(0);
    while (!network.getNetworkInputs().contains(name)) {
      String input = network.getVertexInputs().get(name).get(0);
      if (network.getVertices().get(name) instanceof LayerVertex vertex) {
        steps.addFirst(new Step(name, vertex.getLayerConf().getLayer(), input));
        unjoined += joins ? 0 : 1;
      } else {
        joins = true;
      }
      name = input;
    }
    return new LayerPath(
        new ArrayList<>(steps), steps.size() - unjoined, network.getVertices().size());
  }

  private static void requireOne(List<String> names, String what) {
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "%s %s (%s), expected one".formatted(names.size(), what, String.join(", ", names)));
    }
  }

  /** The format of the network's images, which is that of its convolutions and of what it pools. */
  CNN2DFormat format() {
    boolean last = false;
    for (Step step : steps) {
      last |=
          step.layer() instanceof GlobalPoolingLayer pooling
              && Arrays.equals(pooling.getPoolingDimensions(), PLANES_OF_NHWC);
      last |=
          step.layer() instanceof ConvolutionLayer convolution
              && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC;
    }
    return last ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
  }

  /** Whether a vertex is on it. */
  boolean has(String vertex) {
    return steps.stream().anyMatch(step -> step.name().equals(vertex));
  }

  /** Whether that is the whole network: one layer after the other. */
  boolean isWhole() {
    return steps.size() == vertices;
  }

  /**
   * What comes after the last join, as the same function in the fewest layers: without those that
   * do nothing outside of training, and with an activation that stands alone moved into the layer
   * before it.
   */
  List<Step> tail() {
    List<Step> kept = new ArrayList<>();
    for (Step step : steps.subList(joined, steps.size())) {
      if (isActivationAlone(step.layer())) {
        IActivation activation = activation(step.layer());
        int last = kept.size() - 1;
        if (activation instanceof ActivationIdentity) {
          continue;
        }
        if (last >= 0
            && kept.get(last).layer() instanceof BaseLayer before
            && before.getActivationFn() instanceof ActivationIdentity) {
          BaseLayer joined = before.clone();
          joined.setActivationFn(activation);
          kept.set(last, new Step(kept.get(last).name(), joined, kept.get(last).input()));
          continue;
        }
      }
      if (!(step.layer() instanceof DropoutLayer)) {
        kept.add(step);
      }
    }
    return kept;
  }

  private static boolean isActivationAlone(Layer layer) {
    return layer instanceof ActivationLayer || layer instanceof LossLayer;
  }

  private static IActivation activation(Layer layer) {
    return layer instanceof ActivationLayer alone
        ? alone.getActivationFn()
        : ((LossLayer) layer).getActivationFn();
  }
}
