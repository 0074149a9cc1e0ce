package io.sparkcam.network.file.onnx;

import static io.sparkcam.network.file.onnx.OnnxGraph.require;

import io.sparkcam.network.file.AffineTail;
import java.util.Arrays;
import java.util.Optional;

/**
 * The end of a graph that class activation maps can explain: the mean over all cells of a tensor
 * and what follows it, as long as that is affine. Found by walking back from the output.
 */
final class OnnxHead {
  /** What turns logits into the output. */
  enum Activation {
    SOFTMAX,
    LOG_SOFTMAX,
    SIGMOID,
    NONE
  }

  private final OnnxGraph graph;
  private final Extents extents;
  private final int classes;
  private Activation activation = Activation.NONE;

  /** From the tensor that the walk is at to the logits. */
  private final AffineTail tail;

  private OnnxNode relu;
  private String features;
  private boolean flattened;

  private OnnxHead(OnnxGraph graph, Extents extents, String output) {
    this.graph = graph;
    this.extents = extents;
    this.classes = width(output);
    this.tail = new AffineTail(classes);
    String tensor = output;
    while (features == null) {
      tensor = back(tensor);
    }
    require(
        relu == null || extents.of(features).nonNegative(),
        "%s follows the average of values that may be negative: no exact class activation map",
        relu);
  }

  /**
   * Finds the head.
   *
   * @param output of the graph
   * @throws IllegalArgumentException saying what is in the way
   */
  static OnnxHead find(OnnxGraph graph, Extents extents, String output) {
    return new OnnxHead(graph, extents, output);
  }

  Activation activation() {
    return activation;
  }

  int classes() {
    return classes;
  }

  /** The tensor that is averaged. */
  String features() {
    return features;
  }

  /** Whether there is no average, but a weight for each cell and channel. */
  boolean isFlattened() {
    return flattened;
  }

  /** What follows; of a flattened tensor an input a value, in its order. */
  AffineTail tail() {
    return tail;
  }

  /** Values an image has in a tensor. */
  private int width(String tensor) {
    Extent extent = extents.of(tensor);
    require(extent.rank() >= 2, "'%s' is %s, expected values of each image", tensor, extent);
    return Math.toIntExact(extent.count() / extent.dims()[0]);
  }

  /** One step back: from an operator's output to its input. */
  private String back(String tensor) {
    OnnxNode node =
        graph
            .producer(tensor)
            .orElseThrow(
                () -> new IllegalArgumentException("averages no feature maps, expected some"));
    switch (node.operator()) {
      case "Identity", "Dropout", "Cast" -> {
        return node.input(0);
      }
      case "Softmax" -> activate(node, Activation.SOFTMAX);
      case "LogSoftmax" -> activate(node, Activation.LOG_SOFTMAX);
      case "Sigmoid" -> activate(node, Activation.SIGMOID);
      case "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose" -> reshaped(node);
      case "Gemm" -> gemm(node);
      case "MatMul" -> dense(node, matrix(node, node.input(1), false), 1);
      case "Conv" -> pointwise(node);
      case "Add", "Sub", "Mul", "Div" -> {
        return affine(node);
      }
      case "BatchNormalization" -> batchNormalization(node);
      case "Relu" -> {
        requirePlain(node);
        relu = node;
      }
      case "GlobalAveragePool" -> features = node.input(0);
      case "AveragePool" -> averaged(node);
      case "ReduceMean" -> features = reduced(node);
      case "GlobalMaxPool", "ReduceMax", "MaxPool" ->
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
    return node.input(0);
  }

  private void activate(OnnxNode node, Activation found) {
    require(
        activation == Activation.NONE && tail.isIdentity() && relu == null,
        "%s lies between the average and the dense layer: no exact class activation map",
        node);
    long axis = node.integer("axis", graph.opset() < 13 ? 1 : -1);
    int rank = extents.of(node.output()).rank();
    require(
        found == Activation.SIGMOID || axis == 1 || axis == 1 - rank,
        "%s: over axis %d, expected that of the classes",
        node,
        axis);
    activation = found;
  }

  /** The values of an image stay together, or are the cells and channels that a layer weighs. */
  private void reshaped(OnnxNode node) {
    Extent input = extents.of(node.input(0));
    int[] output = extents.of(node.output()).dims();
    int sides = 0;
    for (int i = 1; i < input.rank(); i++) {
      sides += input.dims()[i] > 1 ? 1 : 0;
    }
    boolean together = input.rank() >= 2 && input.dims()[0] == output[0];
    if (together && sides <= 1) {
      return;
    }
    flattened =
        together
            && input.rank() == 4
            && output.length == 2
            && !tail.isIdentity()
            && !node.operator().equals("Transpose");
    require(flattened, "%s of %s is not followed by a dense layer", node, input);
    features = node.input(0);
  }

  private void gemm(OnnxNode node) {
    require(node.integer("transA", 0) == 0, "%s transposes its input, expected only weights", node);
    float[] added = node.input(2).isEmpty() ? new float[0] : constant(node, node.input(2)).floats();
    addBias(node, added, node.number("beta", 1));
    dense(
        node, matrix(node, node.input(1), node.integer("transB", 0) == 1), node.number("alpha", 1));
  }

  private void pointwise(OnnxNode node) {
    Extent input = extents.of(node.input(0));
    int[] sides = extents.of(node.input(1)).dims();
    boolean plain = sides[2] * sides[3] == 1 && node.integer("group", 1) == 1;
    require(
        plain && input.dims()[2] * input.dims()[3] == 1,
        "%s is the last operator, expected an average after it",
        node);
    if (!node.input(2).isEmpty()) {
      addBias(node, constant(node, node.input(2)).floats(), 1);
    }
    dense(node, transposed(constant(node, node.input(1)).floats(), sides[0], sides[1]), 1);
  }

  private ConstantTensor constant(OnnxNode node, String tensor) {
    return graph
        .constant(tensor)
        .orElseThrow(
            () -> new IllegalArgumentException(node + ": '" + tensor + "' is no constant"));
  }

  /** Weights {@code (K, C)}; an exporter may leave a transposition before them. */
  private double[][] matrix(OnnxNode node, String tensor, boolean transposed) {
    Optional<OnnxNode> producer = graph.producer(tensor);
    if (producer.isPresent() && producer.get().operator().equals("Transpose")) {
      return matrix(node, producer.get().input(0), !transposed);
    }
    if (producer.isPresent() && producer.get().operator().equals("Identity")) {
      return matrix(node, producer.get().input(0), transposed);
    }
    ConstantTensor constant = constant(node, tensor);
    int[] dims = constant.dims();
    require(dims.length == 2, "%s: weights %s, expected a matrix", node, constant);
    float[] values = constant.floats();
    if (transposed) {
      return transposed(values, dims[0], dims[1]);
    }
    double[][] matrix = new double[dims[0]][dims[1]];
    for (int i = 0; i < values.length; i++) {
      matrix[i / dims[1]][i % dims[1]] = values[i];
    }
    return matrix;
  }

  private static double[][] transposed(float[] values, int rows, int columns) {
    double[][] matrix = new double[columns][rows];
    for (int i = 0; i < values.length; i++) {
      matrix[i % columns][i / columns] = values[i];
    }
    return matrix;
  }

  private void dense(OnnxNode node, double[][] matrix, double scale) {
    requirePlain(node);
    int width = width(node.input(0));
    require(
        matrix.length == width && (width == 0 || matrix[0].length == tail.inputs()),
        "%s: weights do not fit its input",
        node);
    tail.dense(width, (k, i) -> scale * matrix[k][i]);
  }

  /** After a ReLU (before it, on the walk) nothing may come but the average. */
  private void requirePlain(OnnxNode node) {
    require(
        relu == null || node == relu,
        "two dense layers with %s between them, after %s: class activation maps need one",
        relu,
        node);
  }

  private void addBias(OnnxNode node, float[] values, double scale) {
    requirePlain(node);
    int width = tail.inputs();
    require(
        values.length == 0 || values.length == 1 || values.length == width,
        "%s: adds %d values to %d",
        node,
        values.length,
        width);
    for (int i = 0; i < width && values.length > 0; i++) {
      tail.addBias(i, scale * values[values.length == 1 ? 0 : i]);
    }
  }

  private void multiply(OnnxNode node, double[] factors) {
    requirePlain(node);
    int width = tail.inputs();
    require(
        factors.length == 1 || factors.length == width,
        "%s: multiplies %d values by %d",
        node,
        width,
        factors.length);
    double[] all = new double[width];
    Arrays.setAll(all, i -> factors[factors.length == 1 ? 0 : i]);
    tail.scale(all);
  }

  private String affine(OnnxNode node) {
    int constantAt = graph.constant(node.input(0)).isPresent() ? 0 : 1;
    String operator = node.operator();
    require(
        graph.constant(node.input(constantAt)).isPresent(),
        "%s joins two tensors after the average: no exact class activation map",
        node);
    require(
        constantAt == 1 || operator.equals("Add") || operator.equals("Mul"),
        "%s of a constant by the average is not affine here",
        node);
    String other = node.input(1 - constantAt);
    require(width(other) == width(node.output()), "%s widens what it is given", node);
    float[] values = constant(node, node.input(constantAt)).floats();
    switch (operator) {
      case "Add" -> addBias(node, values, 1);
      case "Sub" -> addBias(node, values, -1);
      default -> {
        double[] factors = new double[values.length];
        for (int i = 0; i < factors.length; i++) {
          factors[i] = operator.equals("Mul") ? values[i] : 1.0 / values[i];
        }
        multiply(node, factors);
      }
    }
    return other;
  }

  private void batchNormalization(OnnxNode node) {
    float[] scale = constant(node, node.input(1)).floats();
    float[] shift = constant(node, node.input(2)).floats();
    float[] mean = constant(node, node.input(3)).floats();
    float[] variance = constant(node, node.input(4)).floats();
    double[] factors = new double[scale.length];
    float[] added = new float[scale.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = scale[i] / Math.sqrt((double) variance[i] + node.number("epsilon", 1e-5f));
      added[i] = (float) (shift[i] - factors[i] * mean[i]);
    }
    addBias(node, added, 1);
    multiply(node, factors);
  }

  private void averaged(OnnxNode node) {
    Extent input = extents.of(node.input(0));
    long[] kernel = node.integers("kernel_shape");
    boolean whole =
        kernel[0] == input.dims()[2]
            && kernel[1] == input.dims()[3]
            && Arrays.stream(node.integers("pads")).allMatch(p -> p == 0);
    require(
        whole,
        "%s averages windows of %s of %s, expected one average of all",
        node,
        Arrays.toString(kernel),
        input);
    features = node.input(0);
  }

  private String reduced(OnnxNode node) {
    String averaged = node.input(0);
    Extent input = extents.of(averaged);
    int[] axes = extents.reducedAxes(node).orElseThrow();
    int[] cells = {
      Math.min(input.rowAxis(), input.columnAxis()), Math.max(input.rowAxis(), input.columnAxis())
    };
    if (input.rank() == 4 && !input.hasCells()) {
      cells = new int[] {2, 3};
    }
    if (input.rank() == 3 && axes.length == 1) {
      return cellsInARow(node, axes[0]);
    }
    require(
        input.rank() == 4 && Arrays.equals(axes, cells),
        "%s averages axes %s of %s, expected rows and columns",
        node,
        Arrays.toString(axes),
        input);
    return averaged;
  }

  /** Rows and columns may have been laid into one axis before: {@code (n, K, h w)}. */
  private String cellsInARow(OnnxNode node, int axis) {
    OnnxNode reshape =
        graph
            .producer(node.input(0))
            .filter(n -> n.operator().equals("Reshape") || n.operator().equals("Flatten"))
            .orElseThrow(
                () -> new IllegalArgumentException(node + " averages no rows and columns"));
    Extent before = extents.of(reshape.input(0));
    int[] after = extents.of(reshape.output()).dims();
    require(
        before.hasCells()
            && before.rank() == 4
            && after[axis] == before.cells()
            && after[0] == before.dims()[0]
            && axis == Math.min(before.rowAxis(), before.columnAxis()),
        "%s averages axis %d of %s, expected rows and columns",
        node,
        axis,
        Arrays.toString(after));
    return reshape.input(0);
  }
}
