package io.sparkcam.network.file.keras;

import io.sparkcam.network.HeadKind;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.file.AffineTail;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.network.file.keras.KerasShapes.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The end of a network that class activation maps can explain: the mean over all cells of feature
 * maps, or the maps flattened, and what follows as long as that is affine. Found by walking back
 * from the output; affine layers become one.
 */
final class KerasHead {
  private final Map<String, KerasNode> nodes;
  private final Map<String, Shape> shapes;
  private final KerasWeights file;
  private final boolean channelsFirst;

  /** From what the walk is at to the logits. */
  private final AffineTail tail;

  private final int outputs;
  private HeadKind kind;
  private KerasNode dense;
  private KerasNode relu;
  private boolean flattened;
  private String features;

  private KerasHead(KerasGraph graph, KerasShapes shapes, KerasWeights file, boolean any)
      throws IOException {
    this.nodes = graph.nodes();
    this.shapes = shapes.byId();
    this.file = file;
    this.channelsFirst = graph.isChannelsFirst();
    this.outputs = this.shapes.get(graph.output().id()).size();
    this.tail = new AffineTail(outputs);
    String at = graph.output().id();
    while (features == null) {
      try {
        at = back(nodes.get(at));
      } catch (IllegalArgumentException e) {
        // Nothing of a node that is refused has been taken over, but a ReLU before it waits.
        String reached = relu == null ? at : relu.id();
        if (!any || this.shapes.get(reached).cells() > 1 || tail.isIdentity()) {
          throw e;
        }
        relu = null;
        flattened = false;
        features = reached;
      }
    }
  }

  /**
   * Finds the head.
   *
   * @param options what makes probabilities of logits, where the model does not say; whether
   *     gradients explain it: then its last layers will do, as far as they are affine
   * @throws IllegalArgumentException saying what is in the way
   */
  static KerasHead find(
      KerasGraph graph, KerasShapes shapes, KerasWeights file, ModelOptions options)
      throws IOException {
    try {
      KerasHead head = new KerasHead(graph, shapes, file, options.layer().isPresent());
      head.finish(options.head());
      return head;
    } catch (IllegalArgumentException e) {
      throw options.layer().isPresent()
          ? e
          : new IllegalArgumentException(e.getMessage() + ModelZip.OR_GRADIENTS, e);
    }
  }

  /** Id of the node whose output is averaged or flattened. */
  String features() {
    return features;
  }

  boolean isFlattened() {
    return flattened;
  }

  /** Whether flattened maps lie channel by channel. */
  boolean isChannelsFirst() {
    return channelsFirst;
  }

  HeadKind kind() {
    return kind;
  }

  /** One output z becomes two classes of logits 0 and z: their softmax is its sigmoid. */
  int classes() {
    return outputs == 1 ? 2 : outputs;
  }

  /** What it is computed from: averages, or flattened maps. */
  int inputs() {
    return tail.inputs();
  }

  /**
   * Weights {@code (inputs, classes)} row-major; of flattened maps in the order of the model's
   * format of images.
   */
  float[] weights() {
    return outputs == 1 ? afterZeros(tail.weights()) : tail.weights();
  }

  float[] bias() {
    return outputs == 1 ? afterZeros(tail.bias()) : tail.bias();
  }

  /** Each value after a zero. */
  private static float[] afterZeros(float[] values) {
    float[] pairs = new float[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      pairs[2 * i + 1] = values[i];
    }
    return pairs;
  }

  private void finish(Optional<HeadKind> asked) {
    boolean said = kind != null;
    kind = said ? kind : asked.orElse(HeadKind.SOFTMAX);
    if (outputs == 1) {
      require(
          kind == HeadKind.SIGMOID || !said,
          "softmax of one output, which is always 1: no classes");
      kind = HeadKind.SOFTMAX;
    }
  }

  private static void require(boolean fits, String why, Object... values) {
    if (!fits) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, why, values));
    }
  }

  /** One step back: from a node's output to its input. */
  private String back(KerasNode node) throws IOException {
    require(
        node.inputs().size() == 1,
        "%s joins tensors after the average: no exact class activation map",
        node);
    String input = node.inputs().get(0);
    Shape before = shapes.get(input);
    if (KerasShapes.isSkipped(node)) {
      return input;
    }
    switch (node.kind()) {
      case "Activation", "Softmax", "ReLU" -> activate(node, before);
      case "Dense" -> {
        activate(node, before);
        dense(node, before.size(), node.count("units", 0));
      }
      case "Conv2D" -> {
        require(
            before.cells() == 1 && node.count("groups", 1) == 1,
            "%s is the last layer before the output, expected an average after it",
            node);
        int[] kernel = node.pair("kernel_size", 1);
        require(kernel[0] == 1 && kernel[1] == 1, "%s pads one cell, expected 1x1", node);
        activate(node, before);
        dense(node, before.size(), node.count("filters", 0), kernel);
      }
      case "BatchNormalization" -> {
        require(before.cells() == 1, "%s lies between feature maps and their average", node);
        normalise(node, before.size());
      }
      case "Flatten", "Reshape" -> flatten(node, before, input);
      case "GlobalAveragePooling2D" -> features = input;
      case "AveragePooling2D" -> {
        int[] pool = node.pair("pool_size", 2);
        require(
            pool[0] == before.rows() && pool[1] == before.columns(),
            "%s averages windows of %dx%d of %dx%d, expected one average of all",
            node,
            pool[0],
            pool[1],
            before.rows(),
            before.columns());
        features = input;
      }
      case "GlobalMaxPooling2D", "MaxPooling2D" ->
          throw new IllegalArgumentException(
              node
                  + " takes maxima, which do not add up to the logit: no exact class activation"
                  + " map, expected an average");
      default ->
          throw new IllegalArgumentException(
              node
                  + " lies between the average and the output: no exact class activation map,"
                  + " expected one dense layer");
    }
    if (features != null) {
      requireReluOfAverage();
    }
    return input;
  }

  private void requireReluOfAverage() {
    require(
        relu == null || (!flattened && isNonNegative(features)),
        "%s follows the average of values that may be negative: no exact class activation map",
        relu);
  }

  private boolean isNonNegative(String id) {
    KerasNode node = nodes.get(id);
    return switch (node.kind()) {
      case "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Activation", "ReLU" ->
          KerasActivation.isNonNegative(node);
      case "Add",
          "Average",
          "Maximum",
          "Multiply",
          "Concatenate",
          "MaxPooling2D",
          "AveragePooling2D",
          "Dropout",
          "SpatialDropout2D" ->
          node.inputs().stream().allMatch(this::isNonNegative);
      default -> false;
    };
  }

  private void activate(KerasNode node, Shape before) {
    String activation = KerasActivation.name(node);
    switch (activation) {
      case KerasActivation.LINEAR -> {
        // changes nothing
      }
      case KerasActivation.SOFTMAX, KerasActivation.SIGMOID -> {
        require(
            kind == null && tail.isIdentity() && relu == null,
            "%s lies between the average and the last layer: no exact class activation map",
            node);
        kind = activation.equals(KerasActivation.SOFTMAX) ? HeadKind.SOFTMAX : HeadKind.SIGMOID;
      }
      default -> {
        boolean alone = node.kind().equals("Activation") || node.kind().equals("ReLU");
        require(
            alone || dense == null,
            "two dense layers with %s between them (%s, %s): class activation maps need one",
            KerasNode.shown(activation),
            node,
            dense);
        boolean one = alone && before.cells() == 1 && relu == null;
        require(
            one && KerasActivation.isNonNegative(node) && activation.equals("relu"),
            "%s lies between the average and the output: no exact class activation map",
            node);
        relu = node;
      }
    }
  }

  private void requireNoRelu(KerasNode node) {
    require(
        relu == null,
        "%s, then %s: no exact class activation map, expected one dense layer",
        node,
        relu);
  }

  private void dense(KerasNode node, int inputs, int units, int... kernel) throws IOException {
    requireNoRelu(node);
    List<String> names = KerasShapes.weightNames(node);
    int[] shape = new int[kernel.length + 2];
    System.arraycopy(kernel, 0, shape, 0, kernel.length);
    shape[kernel.length] = inputs;
    shape[kernel.length + 1] = units;
    float[] values = file.floats(node, names, 0, shape);
    if (names.size() > 1) {
      float[] added = file.floats(node, names, 1, units);
      for (int i = 0; i < units; i++) {
        tail.addBias(i, added[i]);
      }
    }
    tail.dense(inputs, (k, i) -> values[k * units + i]);
    dense = node;
  }

  private void normalise(KerasNode node, int channels) throws IOException {
    requireNoRelu(node);
    float[][] statistics = KerasShapes.normalisation(node, file, channels);
    double epsilon = node.number("epsilon", KerasShapes.EPSILON);
    double[] factors = new double[channels];
    for (int k = 0; k < channels; k++) {
      factors[k] = statistics[0][k] / Math.sqrt(statistics[3][k] + epsilon);
      tail.addBias(k, statistics[1][k] - factors[k] * statistics[2][k]);
    }
    tail.scale(factors);
  }

  private void flatten(KerasNode node, Shape before, String input) {
    if (before.cells() == 1 || before.isFlat()) {
      return;
    }
    require(
        shapes.get(node.id()).isFlat(), "%s rearranges feature maps, expected their average", node);
    require(dense != null, "%s gives cells as classes, expected a dense layer after it", node);
    require(
        !node.isChannelsFirst(),
        "%s turns channels-first maps around, expected data_format channels_last",
        node);
    flattened = true;
    features = input;
  }
}
