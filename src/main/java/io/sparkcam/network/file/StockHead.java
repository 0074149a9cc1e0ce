package io.sparkcam.network.file;

import io.sparkcam.network.HeadKind;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The dense layer at the end of a DL4J network.
 *
 * @param layer that has its parameters
 * @param inputs that it takes
 * @param outputs that it gives
 * @param kind what makes probabilities of its outputs
 * @param isFlattened whether it takes every cell, instead of averages
 */
record StockHead(
    org.deeplearning4j.nn.api.Layer layer,
    long inputs,
    int outputs,
    HeadKind kind,
    boolean isFlattened) {

  /**
   * Looks at a network's last layer, whatever comes before it.
   *
   * @throws IllegalArgumentException saying what is in the way
   */
  static StockHead last(
      ComputationGraph network, List<LayerPath.Step> tail, Optional<HeadKind> asked) {
    int last = tail.size() - 1;
    if (last < 0 || !isDense(tail.get(last).layer())) {
      throw new IllegalArgumentException("no dense layer at its end");
    }
    FeedForwardLayer dense = (FeedForwardLayer) tail.get(last).layer();
    return new StockHead(
        network.getLayer(tail.get(last).name()),
        dense.getNIn(),
        Math.toIntExact(dense.getNOut()),
        kind(((BaseLayer) dense).getActivationFn(), dense.getNOut(), asked),
        false);
  }

  /**
   * Looks at a network's last layers, which must be a dense layer on averages or on every cell.
   *
   * @throws IllegalArgumentException saying what is in the way
   */
  static StockHead of(
      ComputationGraph network,
      List<LayerPath.Step> tail,
      CNN2DFormat format,
      Optional<HeadKind> asked) {
    StockHead head = last(network, tail, asked);
    int last = tail.size() - 1;
    Layer before = last > 0 ? tail.get(last - 1).layer() : null;
    if (before instanceof DenseLayer || before instanceof OutputLayer) {
      throw new IllegalArgumentException(
          "two dense layers at its end: class activation maps need one");
    }
    boolean flattened = isFlattening(network, tail.get(last).name());
    if (before instanceof GlobalPoolingLayer pooling) {
      if (pooling.getPoolingType() != PoolingType.AVG) {
        throw new IllegalArgumentException(
            "pools by %s, which does not add up to the logit: no exact class activation map,"
                    .formatted(pooling.getPoolingType())
                + " expected an average");
      }
      flattened = false;
    } else if (!flattened) {
      throw new IllegalArgumentException("no global average pooling before its dense layer");
    }
    if (flattened && format == CNN2DFormat.NHWC) {
      throw new IllegalArgumentException("flattens channels-last maps, expected channels first");
    }
    return new StockHead(head.layer, head.inputs, head.outputs, head.kind, flattened);
  }

  private static boolean isDense(Layer layer) {
    return layer instanceof OutputLayer
        || (layer instanceof DenseLayer hidden && !hidden.hasLayerNorm());
  }

  private static HeadKind kind(IActivation activation, long outputs, Optional<HeadKind> asked) {
    if (activation instanceof ActivationSigmoid) {
      // Softmax of 0 and z is the sigmoid of z.
      return outputs == 1 ? HeadKind.SOFTMAX : HeadKind.SIGMOID;
    }
    boolean softmax = activation instanceof ActivationSoftmax;
    if (!softmax && !(activation instanceof ActivationIdentity)) {
      throw new IllegalArgumentException(
          "dense layer at its end with %s, expected softmax or sigmoid"
              .formatted(activation.getClass().getSimpleName()));
    }
    if (softmax && outputs == 1) {
      throw new IllegalArgumentException("softmax of one output, which is always 1: no classes");
    }
    return softmax || outputs == 1 ? HeadKind.SOFTMAX : asked.orElse(HeadKind.SOFTMAX);
  }

  private static boolean isFlattening(ComputationGraph network, String name) {
    return network.getConfiguration().getVertices().get(name) instanceof LayerVertex vertex
        && vertex.getPreProcessor() instanceof CnnToFeedForwardPreProcessor;
  }

  int classes() {
    return outputs == 1 ? 2 : outputs;
  }

  private boolean hasBias() {
    return layer.getParam("b") != null;
  }

  /** Whether its parameters lie among DL4J's as a {@link io.sparkcam.network.GapHead} has them. */
  boolean isPlain() {
    return hasBias() && outputs > 1 && !isFlattened;
  }

  /**
   * Weights class by class, of flattened maps cell by cell, then biases.
   *
   * @param cells of the feature maps
   */
  float[] parameters(long cells) {
    INDArray weights = layer.getParam("W");
    int count = Math.toIntExact(inputs);
    int first = classes() - outputs;
    float[] parameters = new float[Math.multiplyExact(classes(), count + 1)];
    for (int c = 0; c < outputs; c++) {
      float[] column = weights.getColumn(c).dup().data().asFloat();
      for (int i = 0; i < count; i++) {
        parameters[(first + c) * count + i] = column[isFlattened ? ofCell(i, (int) cells) : i];
      }
      if (hasBias()) {
        parameters[classes() * count + first + c] = layer.getParam("b").getFloat(0, c);
      }
    }
    return parameters;
  }

  /** DL4J flattens channel by channel. */
  private int ofCell(int index, int cells) {
    int channels = (int) inputs / cells;
    return index % channels * cells + index / channels;
  }
}
