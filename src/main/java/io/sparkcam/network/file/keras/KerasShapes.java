package io.sparkcam.network.file.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkcam.data.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What comes out of each node of a network, for images of one size. */
final class KerasShapes {
  static final double EPSILON = 1e-3;

  /** Outputs of a node for one image. */
  private static final long MOST_VALUES = 1 << 26;

  /** What does nothing outside of training. */
  private static final Set<String> SKIPPED =
      Set.of(
          "Dropout",
          "SpatialDropout2D",
          "GaussianNoise",
          "GaussianDropout",
          "AlphaDropout",
          "ActivityRegularization",
          "Identity");

  /**
   * A tensor of one image.
   *
   * @param isFlat whether maps were laid out in a row, in the model's format of images
   */
  record Shape(int channels, int rows, int columns, boolean isFlat) {
    Shape {
      if ((long) channels * rows * columns > MOST_VALUES
          || channels < 1
          || rows < 1
          || columns < 1) {
        throw new IllegalArgumentException(
            "tensor of %s channels, %s rows, %s columns, expected at least 1 and at most %s values"
                .formatted(channels, rows, columns, MOST_VALUES));
      }
    }

    static Shape of(long channels, long rows, long columns) {
      return new Shape(
          Math.toIntExact(channels), Math.toIntExact(rows), Math.toIntExact(columns), false);
    }

    int cells() {
      return rows * columns;
    }

    int size() {
      return channels * rows * columns;
    }

    Shape withChannels(int count) {
      return of(count, rows, columns);
    }
  }

  private final Map<String, Shape> shapes = new HashMap<>();
  private final ImageShape images;
  private final boolean channelsFirst;

  private KerasShapes(KerasGraph graph, ImageShape images) {
    this.images = images;
    this.channelsFirst = graph.isChannelsFirst();
    for (KerasNode node : graph.nodes().values()) {
      try {
        shapes.put(node.id(), shape(node));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(node + ": sizes that overflow", e);
      }
    }
  }

  /**
   * Follows images through a network.
   *
   * @throws IllegalArgumentException naming the first layer that is not known or does not fit
   */
  static KerasShapes of(KerasGraph graph, ImageShape images) {
    return new KerasShapes(graph, images);
  }

  Map<String, Shape> byId() {
    return shapes;
  }

  /** Whether a node does nothing outside of training. */
  static boolean isSkipped(KerasNode node) {
    return SKIPPED.contains(node.kind()) || node.kind().startsWith("Random");
  }

  /** What a layer with weights calls them, in Keras's order. */
  static List<String> weightNames(KerasNode node) {
    List<String> names = new ArrayList<>();
    switch (node.kind()) {
      case "DepthwiseConv2D" -> names.add("depthwise_kernel");
      case "SeparableConv2D" -> names.addAll(List.of("depthwise_kernel", "pointwise_kernel"));
      case "BatchNormalization" -> {
        if (node.is("scale", true)) {
          names.add("gamma");
        }
        if (node.is("center", true)) {
          names.add("beta");
        }
        names.addAll(List.of("moving_mean", "moving_variance"));
        return names;
      }
      case "PReLU" -> {
        return List.of("alpha");
      }
      case "Normalization" -> {
        return List.of("mean", "variance");
      }
      default -> names.add("kernel");
    }
    if (node.is("use_bias", true)) {
      names.add("bias");
    }
    return names;
  }

  /** Gamma, beta, mean and variance of a batch normalisation. */
  static float[][] normalisation(KerasNode node, KerasWeights file, int channels)
      throws IOException {
    List<String> names = weightNames(node);
    float[][] found = new float[4][];
    for (int i = 0; i < names.size(); i++) {
      int place =
          switch (names.get(i)) {
            case "gamma" -> 0;
            case "beta" -> 1;
            case "moving_mean" -> 2;
            default -> 3;
          };
      found[place] = file.floats(node, names, i, channels);
    }
    if (found[0] == null) {
      found[0] = new float[channels];
      java.util.Arrays.fill(found[0], 1);
    }
    if (found[1] == null) {
      found[1] = new float[channels];
    }
    return found;
  }

  private Shape shape(KerasNode node) {
    if (node.kind().equals(KerasNode.INPUT)) {
      return new Shape(images.channels(), images.height(), images.width(), false);
    }
    List<Shape> inputs = node.inputs().stream().map(shapes::get).toList();
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(node + ": takes nothing");
    }
    Shape input = inputs.get(0);
    if (isSkipped(node) || KerasPixels.isPixelwise(node)) {
      return input;
    }
    if (node.config().has("data_format")
        && node.isChannelsFirst() != channelsFirst
        && !node.kind().equals("Flatten")) {
      throw new IllegalArgumentException(
          node + " is channels-last, others are channels-first: expected one of them");
    }
    return switch (node.kind()) {
      case "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax" -> input;
      case "BatchNormalization" -> {
        requireChannelAxis(node, node.config().path("axis"), input);
        yield input;
      }
      case "Conv2D" ->
          slid(node, input, node.pair("kernel_size", 1), node.pair("strides", 1))
              .withChannels(node.count("filters", 0));
      case "DepthwiseConv2D" ->
          slid(node, input, node.pair("kernel_size", 1), node.pair("strides", 1))
              .withChannels(
                  Math.multiplyExact(input.channels(), node.count("depth_multiplier", 1)));
      case "SeparableConv2D" ->
          slid(node, input, node.pair("kernel_size", 1), node.pair("strides", 1))
              .withChannels(node.count("filters", 0));
      case "MaxPooling2D", "AveragePooling2D" -> {
        int[] pool = node.pair("pool_size", 2);
        yield slid(node, input, pool, strides(node, pool));
      }
      case "GlobalAveragePooling2D", "GlobalMaxPooling2D" -> Shape.of(input.channels(), 1, 1);
      case "Dense" -> {
        if (input.cells() > 1 && !input.isFlat()) {
          throw new IllegalArgumentException(
              node + " is applied to each cell by itself, expected the average or flattened maps");
        }
        yield Shape.of(node.count("units", 0), 1, 1);
      }
      case "Flatten" -> new Shape(input.channels(), input.rows(), input.columns(), true);
      case "Reshape" -> reshaped(node, input);
      case "Add", "Multiply", "Average", "Maximum", "Subtract" -> joined(node, inputs);
      case "Concatenate" -> {
        requireChannelAxis(node, node.config().path("axis"), input);
        int channels = 0;
        for (Shape each : inputs) {
          requireSameCells(node, input, each);
          channels = Math.addExact(channels, each.channels());
        }
        yield input.withChannels(channels);
      }
      case "ZeroPadding2D" -> {
        int[] sides = sides(node, "padding");
        yield Shape.of(
            input.channels(),
            (long) input.rows() + sides[0] + sides[1],
            (long) input.columns() + sides[2] + sides[3]);
      }
      case "Cropping2D" -> {
        int[] sides = sides(node, "cropping");
        yield Shape.of(
            input.channels(),
            (long) input.rows() - sides[0] - sides[1],
            (long) input.columns() - sides[2] - sides[3]);
      }
      case "UpSampling2D" -> {
        int[] size = node.pair("size", 2);
        yield Shape.of(
            input.channels(), (long) input.rows() * size[0], (long) input.columns() * size[1]);
      }
      case "Lambda" ->
          throw new IllegalArgumentException(
              node
                  + " is Python code, which the file does not hold as layers: "
                  + KerasFile.AS_ONNX);
      case "MultiHeadAttention", "Attention", "AdditiveAttention", "GroupQueryAttention" ->
          throw new IllegalArgumentException(
              node + ": attention has no exact class activation map");
      default ->
          throw new IllegalArgumentException(
              "%s is not known here: %s".formatted(node, KerasFile.AS_ONNX));
    };
  }

  static int[] strides(KerasNode node, int[] pool) {
    return node.config().path("strides").isNull() || node.config().path("strides").isMissingNode()
        ? pool
        : node.pair("strides", 1);
  }

  /** Above, below, left, right. */
  static int[] sides(KerasNode node, String key) {
    JsonNode value = node.config().path(key);
    int[] sides = new int[4];
    for (int i = 0; i < 4; i++) {
      JsonNode side = value.isArray() ? value.path(i / 2) : value;
      side = side.isArray() ? side.path(i % 2) : side;
      if (!side.canConvertToInt() || side.intValue() < 0 || side.intValue() > MOST_VALUES) {
        throw new IllegalArgumentException(
            "%s: %s %.40s, expected whole numbers".formatted(node, key, value));
      }
      sides[i] = side.intValue();
    }
    return sides;
  }

  static boolean isSame(KerasNode node) {
    String padding = node.text("padding", "valid");
    if (!padding.equals("same") && !padding.equals("valid")) {
      throw new IllegalArgumentException(
          "%s: padding '%s', expected same or valid".formatted(node, KerasNode.shown(padding)));
    }
    return padding.equals("same");
  }

  private static Shape slid(KerasNode node, Shape input, int[] window, int[] strides) {
    if (input.isFlat()) {
      throw new IllegalArgumentException(node + " takes what was flattened");
    }
    int[] dilation = node.pair("dilation_rate", 1);
    long[] sides = {input.rows(), input.columns()};
    for (int i = 0; i < 2; i++) {
      long extent = Math.addExact(Math.multiplyExact((long) window[i] - 1, dilation[i]), 1);
      sides[i] =
          isSame(node)
              ? (sides[i] + strides[i] - 1) / strides[i]
              : Math.floorDiv(sides[i] - extent, strides[i]) + 1;
    }
    return Shape.of(input.channels(), sides[0], sides[1]);
  }

  private void requireChannelAxis(KerasNode node, JsonNode axis, Shape input) {
    List<Double> axes = KerasNode.numbers(axis);
    double found = axes.isEmpty() ? -1 : axes.get(0);
    // A vector has one axis beside that of the images.
    boolean vector = input.cells() == 1 && (found == 1 || found == -1);
    boolean ofMaps = channelsFirst ? found == 1 || found == -3 : found == 3 || found == -1;
    if (axes.size() > 1 || !(vector || ofMaps)) {
      throw new IllegalArgumentException(
          "%s: axis %.40s, expected that of the channels".formatted(node, axis));
    }
  }

  private static void requireSameCells(KerasNode node, Shape one, Shape other) {
    if (one.rows() != other.rows() || one.columns() != other.columns() || other.isFlat()) {
      throw new IllegalArgumentException(
          "%s joins maps of %sx%s and %sx%s"
              .formatted(node, one.rows(), one.columns(), other.rows(), other.columns()));
    }
  }

  private static Shape joined(KerasNode node, List<Shape> inputs) {
    Shape largest = inputs.get(0);
    for (Shape each : inputs) {
      largest = each.size() > largest.size() ? each : largest;
    }
    for (Shape each : inputs) {
      boolean scales =
          node.kind().equals("Multiply")
              && each.cells() == 1
              && each.channels() == largest.channels();
      if (!scales) {
        requireSameCells(node, largest, each);
        if (each.channels() != largest.channels()) {
          throw new IllegalArgumentException(
              "%s joins %s and %s channels".formatted(node, largest.channels(), each.channels()));
        }
      }
    }
    return largest;
  }

  private static Shape reshaped(KerasNode node, Shape input) {
    JsonNode target = node.config().path("target_shape");
    long known = 1;
    int open = 0;
    for (JsonNode side : target) {
      if (side.asInt() < 0) {
        open++;
      } else {
        known = Math.multiplyExact(known, side.asInt());
      }
    }
    boolean same = open == 0 ? known == input.size() : open == 1;
    if (input.cells() == 1 && same && (target.size() == 1 || target.size() == 3)) {
      return input;
    }
    if (target.size() == 1 && same) {
      return new Shape(input.channels(), input.rows(), input.columns(), true);
    }
    throw new IllegalArgumentException(
        "%s: to %.60s, expected one row or one cell".formatted(node, target));
  }
}
