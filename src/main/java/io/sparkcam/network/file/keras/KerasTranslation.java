package io.sparkcam.network.file.keras;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.file.keras.KerasShapes.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A Keras network as a DL4J graph of channels-first layers. Vectors are maps of one cell, so a
 * dense layer within the network is a convolution of 1x1.
 */
final class KerasTranslation {
  private static final String IMAGES = "images";
  private static final String WEIGHTS = "W";
  private static final String BIAS = "b";

  /** What may come after flattened maps: the maps themselves are handed on. */
  private static final Set<String> TAKE_FLAT =
      Set.of("Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Flatten", "Reshape");

  private final KerasGraph graph;
  private final KerasWeights file;
  private final int version;
  private final Map<String, Shape> shapes;
  private final GraphBuilder builder;

  /** Name of the vertex that gives a node's output. */
  private final Map<String, String> vertices = new HashMap<>();

  private final Set<String> names = new HashSet<>();

  /** By vertex and parameter. */
  private final Map<String, Map<String, INDArray>> parameters = new LinkedHashMap<>();

  private KerasTranslation(
      KerasGraph graph, KerasShapes shapes, KerasWeights file, int version, ImageShape images) {
    this.graph = graph;
    this.file = file;
    this.version = version;
    this.shapes = shapes.byId();
    this.builder =
        new NeuralNetConfiguration.Builder()
            .weightInit(WeightInit.ZERO)
            .updater(new NoOp())
            .graphBuilder()
            .addInputs(IMAGES)
            .setInputTypes(
                InputType.convolutional(images.height(), images.width(), images.channels()));
  }

  /** The network as far as the features of its head, then the head as one layer. */
  static ComputationGraph of(
      KerasGraph graph,
      KerasShapes shapes,
      KerasWeights file,
      int version,
      KerasPixels pixels,
      KerasHead head,
      ImageShape images)
      throws IOException {
    KerasTranslation translation = new KerasTranslation(graph, shapes, file, version, images);
    translation.trunk(pixels, head.features());
    translation.head(head);
    return translation.network();
  }

  private void trunk(KerasPixels pixels, String features) throws IOException {
    Set<String> needed = new HashSet<>(Set.of(features));
    List<KerasNode> backwards = new ArrayList<>(graph.nodes().values());
    java.util.Collections.reverse(backwards);
    for (KerasNode node : backwards) {
      if (needed.contains(node.id())) {
        needed.addAll(node.inputs());
      }
    }
    for (KerasNode node : graph.nodes().values()) {
      if (needed.contains(node.id())) {
        vertices.put(node.id(), pixels.isLeading(node) ? IMAGES : vertex(node));
      }
    }
    if (vertices.get(features).equals(IMAGES)) {
      throw new IllegalArgumentException("averages pixels, expected feature maps");
    }
  }

  /** Adds what computes a node, and returns the name of its last vertex. */
  private String vertex(KerasNode node) throws IOException {
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      inputs.add(vertices.get(input));
    }
    Shape before = shapes.get(node.inputs().get(0));
    String input = inputs.get(0);
    if (KerasShapes.isSkipped(node)) {
      return input;
    }
    if (before.isFlat() && before.cells() > 1 && !TAKE_FLAT.contains(node.kind())) {
      throw new IllegalArgumentException(
          node + " takes flattened feature maps: " + KerasFile.AS_ONNX);
    }
    switch (node.kind()) {
      case "Reshape", "Flatten" -> {
        if (before.cells() > 1 && node.isChannelsFirst()) {
          throw new IllegalArgumentException(
              node + " turns channels-first maps around, expected data_format channels_last");
        }
        return input;
      }
      case "Conv2D" -> {
        return convolution(node, before, input);
      }
      case "Dense" -> {
        return within(node, before, input);
      }
      case "DepthwiseConv2D" -> {
        return depthwise(node, before, input, KerasActivation.of(node, version), true);
      }
      case "SeparableConv2D" -> {
        return separable(node, before, input);
      }
      case "Activation", "ReLU", "LeakyReLU", "ELU" -> {
        return layer(node, "", new ActivationLayer(KerasActivation.of(node, version)), input);
      }
      case "PReLU" -> {
        return prelu(node, before, input);
      }
      case "BatchNormalization" -> {
        return normalised(node, before, input);
      }
      case "MaxPooling2D", "AveragePooling2D" -> {
        return pooled(node, input);
      }
      case "GlobalAveragePooling2D" -> {
        return layer(node, "", globally(PoolingType.AVG), input);
      }
      case "GlobalMaxPooling2D" -> {
        return layer(node, "", globally(PoolingType.MAX), input);
      }
      case "ZeroPadding2D" -> {
        int[] sides = KerasShapes.sides(node, "padding");
        return layer(node, "", new ZeroPaddingLayer.Builder(sides).build(), input);
      }
      case "Cropping2D" -> {
        int[] sides = KerasShapes.sides(node, "cropping");
        return layer(node, "", new Cropping2D.Builder(sides).build(), input);
      }
      case "UpSampling2D" -> {
        if (!node.text("interpolation", "nearest").equals("nearest")) {
          throw new IllegalArgumentException(
              "%s: DL4J does not interpolate: %s".formatted(node, KerasFile.AS_ONNX));
        }
        return layer(
            node, "", new Upsampling2D.Builder().size(node.pair("size", 2)).build(), input);
      }
      case "Concatenate" -> {
        String name = name(node, "");
        builder.addVertex(name, new MergeVertex(), distinct(node, inputs));
        return name;
      }
      case "Add", "Multiply", "Average", "Maximum", "Subtract" -> {
        return joined(node, inputs);
      }
      default -> throw new IllegalArgumentException(node + " lies within the network");
    }
  }

  /** DL4J hands over only the first of inputs that are the same. */
  private String[] distinct(KerasNode node, List<String> inputs) {
    List<String> distinct = new ArrayList<>();
    for (String input : inputs) {
      String given = input;
      if (distinct.contains(input)) {
        given = layer(node, "-again", new ActivationLayer(new ActivationIdentity()), input);
      }
      distinct.add(given);
    }
    return distinct.toArray(String[]::new);
  }

  private String joined(KerasNode node, List<String> inputs) {
    ElementWiseVertex.Op operation =
        switch (node.kind()) {
          case "Add" -> ElementWiseVertex.Op.Add;
          case "Multiply" -> ElementWiseVertex.Op.Product;
          case "Average" -> ElementWiseVertex.Op.Average;
          case "Maximum" -> ElementWiseVertex.Op.Max;
          default -> ElementWiseVertex.Op.Subtract;
        };
    Shape whole = shapes.get(node.id());
    List<String> given = new ArrayList<>();
    List<String> spread = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      boolean one = shapes.get(node.inputs().get(i)).cells() < whole.cells();
      (one ? spread : given).add(one ? spread(node, whole, inputs.get(i)) : inputs.get(i));
    }
    // The maps come first: the first input is the one that is followed for geometry.
    given.addAll(spread);
    String name = name(node, "");
    builder.addVertex(name, new ElementWiseVertex(operation), distinct(node, given));
    return name;
  }

  /** One cell as maps of the same value everywhere: DL4J multiplies maps of the same size alone. */
  private String spread(KerasNode node, Shape whole, String input) {
    int[] size = {whole.rows(), whole.columns()};
    return layer(node, "-spread", new Upsampling2D.Builder().size(size).build(), input);
  }

  private static GlobalPoolingLayer globally(PoolingType type) {
    return new GlobalPoolingLayer.Builder(type).collapseDimensions(false).build();
  }

  private String convolution(KerasNode node, Shape before, String input) throws IOException {
    List<String> names = KerasShapes.weightNames(node);
    int[] kernel = node.pair("kernel_size", 1);
    int groups = node.count("groups", 1);
    int filters = node.count("filters", 0);
    if (before.channels() % groups != 0 || filters % groups != 0) {
      throw new IllegalArgumentException(
          "%s: %s groups of %s channels and %s filters"
              .formatted(node, groups, before.channels(), filters));
    }
    int taken = before.channels() / groups;
    float[] values = file.floats(node, names, 0, kernel[0], kernel[1], taken, filters);
    // Groups as one convolution, with zeros between a group's filters and the others' channels.
    float[] dense = new float[Math.multiplyExact(values.length, groups)];
    for (int position = 0; position < kernel[0] * kernel[1]; position++) {
      for (int i = 0; i < taken; i++) {
        for (int f = 0; f < filters; f++) {
          int channel = f / (filters / groups) * taken + i;
          dense[(f * before.channels() + channel) * kernel[0] * kernel[1] + position] =
              values[(position * taken + i) * filters + f];
        }
      }
    }
    String name =
        layer(
            node,
            "",
            new ConvolutionLayer.Builder(kernel)
                .stride(node.pair("strides", 1))
                .dilation(node.pair("dilation_rate", 1))
                .convolutionMode(mode(node))
                .nIn(before.channels())
                .nOut(filters)
                .hasBias(names.size() > 1)
                .activation(KerasActivation.of(node, version))
                .build(),
            input);
    set(name, WEIGHTS, dense, filters, before.channels(), kernel[0], kernel[1]);
    bias(node, names, 1, name, filters);
    return name;
  }

  /**
   * A dense layer within the network, such as of squeeze-and-excite; on flattened maps it is a
   * convolution of their size.
   */
  private String within(KerasNode node, Shape before, String input) throws IOException {
    List<String> names = KerasShapes.weightNames(node);
    int units = node.count("units", 0);
    float[] values = file.floats(node, names, 0, before.size(), units);
    float[] turned = new float[values.length];
    for (int i = 0; i < before.size(); i++) {
      int from = flattenedIndex(before, i, graph.isChannelsFirst());
      for (int o = 0; o < units; o++) {
        turned[o * before.size() + i] = values[from * units + o];
      }
    }
    int[] kernel = {before.rows(), before.columns()};
    return convolution(node, "", kernel, turned, before.channels(), units, names, input);
  }

  /** A convolution of stride 1, unpadded, of weights {@code (out, in, rows, columns)}. */
  private String convolution(
      KerasNode node,
      String suffix,
      int[] kernel,
      float[] values,
      int in,
      int out,
      List<String> names,
      String input)
      throws IOException {
    int biasAt = names.indexOf("bias");
    String name =
        layer(
            node,
            suffix,
            new ConvolutionLayer.Builder(kernel)
                .nIn(in)
                .nOut(out)
                .hasBias(biasAt > 0)
                .activation(KerasActivation.of(node, version))
                .build(),
            input);
    set(name, WEIGHTS, values, out, in, kernel[0], kernel[1]);
    bias(node, names, biasAt, name, out);
    return name;
  }

  private String separable(KerasNode node, Shape before, String input) throws IOException {
    List<String> names = KerasShapes.weightNames(node);
    String depthwise = depthwise(node, before, input, new ActivationIdentity(), false);
    int channels = Math.multiplyExact(before.channels(), node.count("depth_multiplier", 1));
    int filters = node.count("filters", 0);
    float[] values = file.floats(node, names, 1, 1, 1, channels, filters);
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[i % filters * channels + i / filters] = values[i];
    }
    int[] kernel = {1, 1};
    return convolution(node, "-pointwise", kernel, turned, channels, filters, names, depthwise);
  }

  private String depthwise(
      KerasNode node, Shape before, String input, IActivation activation, boolean whole)
      throws IOException {
    List<String> names = KerasShapes.weightNames(node);
    int[] kernel = node.pair("kernel_size", 1);
    int multiplier = node.count("depth_multiplier", 1);
    int outputs = Math.multiplyExact(before.channels(), multiplier);
    float[] values =
        file.floats(node, names, 0, kernel[0], kernel[1], before.channels(), multiplier);
    boolean biased = whole && names.size() > 1;
    String name =
        layer(
            node,
            whole ? "" : "-depthwise",
            new DepthwiseConvolution2D.Builder(kernel)
                .depthMultiplier(multiplier)
                .stride(node.pair("strides", 1))
                .dilation(node.pair("dilation_rate", 1))
                .convolutionMode(mode(node))
                .nIn(before.channels())
                .nOut(outputs)
                .hasBias(biased)
                .activation(activation)
                .build(),
            input);
    set(name, WEIGHTS, values, kernel[0], kernel[1], before.channels(), multiplier);
    bias(node, names, biased ? 1 : -1, name, outputs);
    return name;
  }

  private void bias(KerasNode node, List<String> names, int number, String vertex, int count)
      throws IOException {
    if (number > 0 && number < names.size()) {
      set(vertex, BIAS, file.floats(node, names, number, count), 1, count);
    }
  }

  private String normalised(KerasNode node, Shape before, String input) throws IOException {
    float[][] statistics = KerasShapes.normalisation(node, file, before.channels());
    String name =
        layer(
            node,
            "",
            new BatchNormalization.Builder()
                .nIn(before.channels())
                .nOut(before.channels())
                .eps(node.number("epsilon", KerasShapes.EPSILON))
                .useLogStd(false)
                .build(),
            input);
    List<String> keys = List.of("gamma", "beta", "mean", "var");
    for (int i = 0; i < keys.size(); i++) {
      set(name, keys.get(i), statistics[i], 1, before.channels());
    }
    return name;
  }

  private String prelu(KerasNode node, Shape before, String input) throws IOException {
    boolean first = graph.isChannelsFirst();
    int[] sides =
        first
            ? new int[] {before.channels(), before.rows(), before.columns()}
            : new int[] {before.rows(), before.columns(), before.channels()};
    for (double axis : KerasNode.numbers(node.config().path("shared_axes"))) {
      if (axis < 1 || axis > sides.length) {
        throw new IllegalArgumentException(
            "%s: shared axis %s, expected 1 to 3".formatted(node, axis));
      }
      sides[(int) axis - 1] = 1;
    }
    float[] values = file.floats(node, KerasShapes.weightNames(node), 0, sides);
    // One for each value of an image: DL4J then has nothing to spread.
    float[] spread = new float[before.size()];
    for (int c = 0; c < before.channels(); c++) {
      for (int y = 0; y < before.rows(); y++) {
        for (int x = 0; x < before.columns(); x++) {
          int[] at = first ? new int[] {c, y, x} : new int[] {y, x, c};
          int from = 0;
          for (int i = 0; i < sides.length; i++) {
            from = from * sides[i] + (sides[i] == 1 ? 0 : at[i]);
          }
          spread[(c * before.rows() + y) * before.columns() + x] = values[from];
        }
      }
    }
    String name =
        layer(
            node,
            "",
            new PReLULayer.Builder()
                .inputShape(before.channels(), before.rows(), before.columns())
                .nIn(before.size())
                .nOut(before.size())
                .build(),
            input);
    set(name, WEIGHTS, spread, before.channels(), before.rows(), before.columns());
    return name;
  }

  private String pooled(KerasNode node, String input) {
    int[] pool = node.pair("pool_size", 2);
    SubsamplingLayer.PoolingType type =
        node.kind().equals("MaxPooling2D")
            ? SubsamplingLayer.PoolingType.MAX
            : SubsamplingLayer.PoolingType.AVG;
    return layer(
        node,
        "",
        new SubsamplingLayer.Builder(type, pool, KerasShapes.strides(node, pool))
            .convolutionMode(mode(node))
            .build(),
        input);
  }

  private static ConvolutionMode mode(KerasNode node) {
    return KerasShapes.isSame(node) ? ConvolutionMode.Same : ConvolutionMode.Truncate;
  }

  private void head(KerasHead head) {
    String features = vertices.get(head.features());
    Shape shape = shapes.get(head.features());
    float[] weights = head.weights();
    int inputs = head.inputs();
    int classes = head.classes();
    float[] values = new float[weights.length];
    for (int k = 0; k < inputs; k++) {
      int from = head.isFlattened() ? flattenedIndex(shape, k, head.isChannelsFirst()) : k;
      System.arraycopy(weights, from * classes, values, k * classes, classes);
    }
    String before = features;
    if (!head.isFlattened()) {
      before = unique("average");
      builder.addLayer(before, new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), features);
    }
    String output = unique("output");
    boolean softmax = head.kind() == HeadKind.SOFTMAX;
    builder
        .addLayer(
            output,
            new OutputLayer.Builder(softmax ? LossFunction.MCXENT : LossFunction.XENT)
                .nIn(inputs)
                .nOut(classes)
                .activation(softmax ? Activation.SOFTMAX : Activation.SIGMOID)
                .build(),
            before)
        .setOutputs(output);
    set(output, WEIGHTS, values, inputs, classes);
    set(output, BIAS, head.bias(), 1, classes);
  }

  /** Where the weight lies in the file that DL4J takes at {@code k}: it flattens channels first. */
  private static int flattenedIndex(Shape shape, int k, boolean channelsFirst) {
    if (channelsFirst) {
      return k;
    }
    int channel = k / shape.cells();
    int cell = k % shape.cells();
    return cell * shape.channels() + channel;
  }

  private String layer(
      KerasNode node, String suffix, org.deeplearning4j.nn.conf.layers.Layer layer, String input) {
    String name = name(node, suffix);
    builder.addLayer(name, layer, input);
    return name;
  }

  /** The layer's own name, where it is plain; of a second call another. */
  private String name(KerasNode node, String suffix) {
    String own = node.name();
    String plain = own.matches("[A-Za-z0-9_.-]{1,100}") ? own : "layer-" + node.id();
    return unique(plain + suffix);
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 2; name.equals(IMAGES) || !names.add(name); i++) {
      name = wanted + "-" + i;
    }
    return name;
  }

  private void set(String vertex, String key, float[] values, long... shape) {
    parameters
        .computeIfAbsent(vertex, name -> new LinkedHashMap<>())
        .put(key, Nd4j.create(values, shape, 'c'));
  }

  /** Every parameter that DL4J has is set, and every one that was read is one of DL4J's. */
  private ComputationGraph network() {
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    for (Layer layer : network.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      Map<String, INDArray> given = parameters.getOrDefault(name, Map.of());
      Map<String, INDArray> own = layer.paramTable();
      if (!own.keySet().equals(given.keySet())) {
        throw new IllegalStateException(
            "layer %s: parameters %s, expected %s".formatted(name, given.keySet(), own.keySet()));
      }
      for (Map.Entry<String, INDArray> parameter : own.entrySet()) {
        INDArray value = given.get(parameter.getKey());
        if (!java.util.Arrays.equals(parameter.getValue().shape(), value.shape())) {
          value = value.reshape('c', parameter.getValue().shape());
        }
        parameter.getValue().assign(value);
      }
    }
    return network;
  }
}
