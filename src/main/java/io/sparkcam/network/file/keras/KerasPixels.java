package io.sparkcam.network.file.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkcam.network.PixelScale;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a network does to pixels before its first convolution. */
final class KerasPixels {
  /** As Keras's Normalization keeps from dividing by nothing. */
  private static final double LEAST_DEVIATION = 1e-7;

  private static final Set<String> LAYERS = Set.of("Rescaling", "Normalization", "TFOpLambda");

  /** Of Keras 3, of a tensor and a constant; with two tensors they are layers of that name. */
  private static final Set<String> OPERATIONS =
      Set.of("Add", "Subtract", "Multiply", "TrueDivide", "Divide", "GetItem");

  private final int channels;
  private final KerasWeights file;
  private final Set<String> leading = new HashSet<>();
  private PixelScale scale;
  private boolean scaled;

  private KerasPixels(KerasGraph graph, KerasWeights file, PixelScale given) throws IOException {
    this.channels = given.channels();
    this.file = file;
    this.scale = given;
    int ends = 0;
    for (KerasNode node : graph.nodes().values()) {
      boolean starts = node.kind().equals(KerasNode.INPUT);
      boolean follows = node.inputs().size() == 1 && leading.contains(node.inputs().get(0));
      if (starts || (follows && (isPixelwise(node) || KerasShapes.isSkipped(node)))) {
        leading.add(node.id());
        if (isPixelwise(node)) {
          apply(node);
        }
        ends += starts ? 1 : 0;
      } else if (isPixelwise(node)) {
        throw new IllegalArgumentException(
            "%s lies within the network, expected it before the first convolution: %s"
                .formatted(node, KerasFile.AS_ONNX));
      }
    }
    if (ends != 1) {
      throw new IllegalArgumentException(ends + " inputs, expected one");
    }
    if (scaled) {
      requireOneEnd(graph);
    }
  }

  /** Every node that is not leading takes the last of those that are. */
  private void requireOneEnd(KerasGraph graph) {
    Set<String> taken = new HashSet<>();
    for (KerasNode node : graph.nodes().values()) {
      for (String input : node.inputs()) {
        if (leading.contains(input) && !taken.add(input) && leading.contains(node.id())) {
          throw new IllegalArgumentException(node + ": pixels are scaled in several ways");
        }
      }
    }
    long ends =
        graph.nodes().values().stream()
            .filter(node -> !leading.contains(node.id()))
            .flatMap(node -> node.inputs().stream())
            .filter(leading::contains)
            .distinct()
            .count();
    if (ends > 1) {
      throw new IllegalArgumentException(
          "takes pixels before and after they are scaled: " + KerasFile.AS_ONNX);
    }
  }

  /**
   * Reads how a network scales pixels by itself.
   *
   * @param asked how its input is given, where somebody said so; else values from 0 to 255 for a
   *     network that scales them, and from 0 to 1 for another
   */
  static KerasPixels of(
      KerasGraph graph, KerasWeights file, int channels, Optional<PixelScale> asked)
      throws IOException {
    boolean scales = graph.nodes().values().stream().anyMatch(KerasPixels::isPixelwise);
    PixelScale otherwise = scales ? PixelScale.raw(channels) : PixelScale.unit(channels);
    return new KerasPixels(graph, file, asked.orElse(otherwise));
  }

  /** From the pixels of an image to what the first layer that is none of these takes. */
  PixelScale scale() {
    return scale;
  }

  /** Whether a node's output is the scaled image. */
  boolean isLeading(KerasNode node) {
    return leading.contains(node.id());
  }

  /** Whether a node scales each channel by constants. */
  static boolean isPixelwise(KerasNode node) {
    return LAYERS.contains(node.kind())
        || (OPERATIONS.contains(node.kind())
            && node.inputs().size() == 1
            && !node.call().isMissingNode()
            && !node.config().has("data_format")
            && constants(node).size() > 0);
  }

  private void apply(KerasNode node) throws IOException {
    scaled = true;
    switch (node.kind()) {
      case "Rescaling" -> then(spread(node, "scale", 1), spread(node, "offset", 0));
      case "Normalization" -> normalise(node);
      default -> operate(node);
    }
  }

  private void then(List<Double> factor, List<Double> term) {
    scale = scale.then(factor, term);
  }

  private List<Double> spread(KerasNode node, String key, double otherwise) {
    JsonNode value = node.config().path(key);
    return spread(node, value.isMissingNode() ? List.of(otherwise) : KerasNode.numbers(value));
  }

  private List<Double> spread(KerasNode node, List<Double> numbers) {
    if (numbers.size() == 1) {
      return Collections.nCopies(channels, numbers.get(0));
    }
    if (numbers.size() != channels) {
      throw new IllegalArgumentException(
          "%s: %s numbers, expected 1 or %s".formatted(node, numbers.size(), channels));
    }
    return numbers;
  }

  private List<Double> all(double value) {
    return Collections.nCopies(channels, value);
  }

  private void normalise(KerasNode node) throws IOException {
    List<Double> mean;
    List<Double> variance;
    if (node.is("invert", false)) {
      throw new IllegalArgumentException(node + ": inverts, expected that it does not");
    }
    if (node.config().path("mean").isNull() || node.config().path("mean").isMissingNode()) {
      List<String> names = KerasShapes.weightNames(node);
      mean = weights(node, names, 0);
      variance = weights(node, names, 1);
    } else {
      mean = spread(node, "mean", 0);
      variance = spread(node, "variance", 1);
    }
    List<Double> factors =
        variance.stream().map(v -> 1 / Math.max(Math.sqrt(v), LEAST_DEVIATION)).toList();
    then(all(1), mean.stream().map(m -> -m).toList());
    then(factors, all(0));
  }

  private List<Double> weights(KerasNode node, List<String> names, int number) throws IOException {
    int[] shape = file.find(node, names, number).shape();
    // Keras 2.3 kept the sides of the axes that are not normalised.
    long size = 1;
    for (int side : shape) {
      size *= side;
    }
    if (size != 1 && size != channels) {
      throw new IllegalArgumentException(
          "%s: %s numbers, expected 1 or %s".formatted(node, size, channels));
    }
    float[] values = file.floats(node, names, number, shape);
    return spread(
        node,
        java.util.stream.IntStream.range(0, values.length)
            .mapToObj(i -> (double) values[i])
            .toList());
  }

  private void operate(KerasNode node) {
    String function = node.kind();
    if (function.equals("TFOpLambda")) {
      function = node.text("function", "");
    }
    function = function.substring(function.lastIndexOf('.') + 1);
    if (function.equals("getitem") || function.equals("GetItem")) {
      reverse(node);
      return;
    }
    if (function.equals("cast")) {
      return;
    }
    List<Double> numbers = spread(node, constants(node));
    switch (function) {
      case "truediv", "divide", "Divide", "TrueDivide" ->
          then(numbers.stream().map(x -> 1 / x).toList(), all(0));
      case "mul", "multiply", "Multiply" -> then(numbers, all(0));
      case "sub", "subtract", "Subtract" -> then(all(1), numbers.stream().map(x -> -x).toList());
      case "add", "bias_add", "Add" -> then(all(1), numbers);
      default ->
          throw new IllegalArgumentException(
              "%s: function '%s' is not known here: %s"
                  .formatted(node, KerasNode.shown(function), KerasFile.AS_ONNX));
    }
  }

  /** The constants that are given with the tensor, which comes first. */
  private static List<Double> constants(KerasNode node) {
    JsonNode call = node.call();
    // Keras 2: [name, call, tensor, {"y": constant, "name": null}], maybe in a list.
    while (call.isArray() && call.path(0).isArray()) {
      call = call.path(0);
    }
    if (call.isArray()) {
      return KerasNode.numbers(call.path(3));
    }
    // Keras 3: {"args": [tensor, constant], "kwargs": {}}.
    if (!call.path("args").path(0).has("class_name")) {
      return List.of();
    }
    List<Double> numbers = new java.util.ArrayList<>();
    for (int i = 1; i < call.path("args").size(); i++) {
      numbers.addAll(KerasNode.numbers(call.path("args").path(i)));
    }
    numbers.addAll(KerasNode.numbers(call.path("kwargs")));
    return numbers;
  }

  /** {@code x[..., ::-1]}: the only numbers in its slices are one step of -1. */
  private void reverse(KerasNode node) {
    if (!constants(node).equals(List.of(-1.0))) {
      throw new IllegalArgumentException(
          node + ": takes a part of the image, expected its channels in the opposite order");
    }
    scale = scale.reversed();
  }
}
