package io.sparkcam.network.file.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of a layer: a layer that is called twice is two nodes with the same weights.
 *
 * @param id of the node, unique in the network
 * @param kind of the layer: its class in Keras
 * @param config of the layer
 * @param inputs ids of the nodes whose outputs it takes
 * @param call what is given with the inputs
 * @param layers names of the models that the layer is in, and its own
 * @param weights where a file of Keras 3 keeps its weights
 */
record KerasNode(
    String id,
    String kind,
    JsonNode config,
    List<String> inputs,
    JsonNode call,
    List<String> layers,
    String weights) {
  static final String INPUT = "InputLayer";

  KerasNode {
    inputs = List.copyOf(inputs);
    layers = List.copyOf(layers);
  }

  String name() {
    return layers.get(layers.size() - 1);
  }

  /** As messages name it. */
  @Override
  public String toString() {
    return "layer %s (%s)".formatted(shown(name()), shown(kind));
  }

  static String shown(String foreign) {
    String plain = foreign.replaceAll("[^\\x21-\\x7e]", "?");
    return plain.length() > 80 ? plain.substring(0, 80) + "..." : plain;
  }

  /** A number of the configuration. */
  double number(String key, double otherwise) {
    JsonNode value = config.path(key);
    return value.isNumber() ? value.doubleValue() : otherwise;
  }

  String text(String key, String otherwise) {
    JsonNode value = config.path(key);
    return value.isTextual() ? value.textValue() : otherwise;
  }

  boolean is(String key, boolean otherwise) {
    JsonNode value = config.path(key);
    return value.isBoolean() ? value.booleanValue() : otherwise;
  }

  /** Two whole numbers of the configuration, rows first; one counts for both. */
  int[] pair(String key, int otherwise) {
    JsonNode value = config.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return new int[] {otherwise, otherwise};
    }
    JsonNode rows = value.isArray() ? value.path(0) : value;
    JsonNode columns = value.isArray() ? value.path(1) : value;
    boolean whole = rows.canConvertToInt() && columns.canConvertToInt();
    boolean two = !value.isArray() || value.size() == 2;
    if (!whole || !two || rows.intValue() < 1 || columns.intValue() < 1) {
      throw new IllegalArgumentException(
          "%s: %s %.40s, expected two whole numbers".formatted(this, key, value));
    }
    return new int[] {rows.intValue(), columns.intValue()};
  }

  /** A whole number of the configuration of at least 1. */
  int count(String key, int otherwise) {
    JsonNode value = config.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.canConvertToInt() || value.intValue() < 1) {
      throw new IllegalArgumentException(
          "%s: %s %.40s, expected a whole number".formatted(this, key, value));
    }
    return value.intValue();
  }

  boolean isChannelsFirst() {
    return text("data_format", "channels_last").equals("channels_first");
  }

  /** Numbers of a list, however deep they lie in it. */
  static List<Double> numbers(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    if (list.isNumber()) {
      numbers.add(list.doubleValue());
    }
    list.forEach(each -> numbers.addAll(numbers(each)));
    return numbers;
  }
}
