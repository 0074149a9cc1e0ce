package io.sparkcam.network.file.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The layers of a Keras model as its configuration describes them, models within it taken apart:
 * nodes in an order in which each comes after those whose outputs it takes.
 */
final class KerasGraph {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String SEQUENTIAL = "Sequential";
  private static final Set<String> MODELS = Set.of(SEQUENTIAL, "Functional", "Model");

  /** Of models within each other. */
  private static final int DEEPEST = 8;

  private static final int MOST_NODES = 1 << 12;

  /** How the file of Keras 3 names what is in a layer that wraps others. */
  private static final String LAYERS = "layers/";

  private final Map<String, KerasNode> nodes = new LinkedHashMap<>();
  private final String output;
  private int parts;

  private KerasGraph(JsonNode root) {
    requireModel(root);
    this.output = new Part(root, List.of(), "", 0).output(List.of());
  }

  /**
   * Takes a model's configuration apart.
   *
   * @throws IllegalArgumentException saying what is not as Keras writes it
   */
  static KerasGraph parse(String json) {
    try {
      return new KerasGraph(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("its model_config is no JSON", e);
    }
  }

  /** By id, each after its inputs. */
  Map<String, KerasNode> nodes() {
    return nodes;
  }

  /** Whether images and feature maps are channels first; layers of both kinds do not mix. */
  boolean isChannelsFirst() {
    return nodes.values().stream().anyMatch(KerasNode::isChannelsFirst);
  }

  /** The node that gives the model's output. */
  KerasNode output() {
    return nodes.get(output);
  }

  private static void requireModel(JsonNode model) {
    String kind = model.path("class_name").asText();
    if (!MODELS.contains(kind)) {
      throw new IllegalArgumentException(
          "model of class '%s', expected Sequential or a functional one"
              .formatted(KerasNode.shown(kind)));
    }
  }

  private static boolean isModel(JsonNode layer) {
    return MODELS.contains(layer.path("class_name").asText());
  }

  private static IllegalArgumentException broken(String why) {
    return new IllegalArgumentException("its model_config: " + why);
  }

  /** A model: the whole, or one that is used as a layer. */
  private final class Part {
    private final JsonNode model;
    private final List<String> names;
    private final int depth;
    private final Map<String, JsonNode> layers = new LinkedHashMap<>();
    private final Map<String, String> stored = new HashMap<>();

    /** Output of each call that was made: by name and number of the call. */
    private final Map<String, String> called = new HashMap<>();

    private List<String> given = List.of();

    /**
     * @param names of the models that it is in, and its own
     * @param weights where a file of Keras 3 keeps those of the model
     */
    Part(JsonNode model, List<String> names, String weights, int depth) {
      if (depth > DEEPEST || ++parts > MOST_NODES) {
        throw broken("models nested deeper than " + DEEPEST + ", or too many");
      }
      this.model = model;
      this.names = names;
      this.depth = depth;
      JsonNode config = model.path("config");
      // Until 2.2.3 the configuration of a Sequential was its layers and nothing else.
      Map<String, Integer> used = new HashMap<>();
      for (JsonNode layer : config.isArray() ? config : config.path("layers")) {
        String name = layer.path("config").path("name").asText(layer.path("name").asText());
        if (!layer.path("config").isObject() && !isModel(layer)) {
          throw broken("layer " + (layers.size() + 1) + " has no configuration");
        }
        if (layers.put(name, layer) != null) {
          throw broken("two layers of the name '%s'".formatted(KerasNode.shown(name)));
        }
        String kind = snakeCase(layer.path("class_name").asText());
        int before = used.merge(kind, 1, Integer::sum) - 1;
        stored.put(name, weights + LAYERS + kind + (before == 0 ? "" : "_" + before));
      }
      if (layers.isEmpty()) {
        throw broken("model without layers");
      }
    }

    /** The id of the node that gives the model's output when it takes these. */
    String output(List<String> inputs) {
      given = inputs;
      if (model.path("class_name").asText().equals(SEQUENTIAL)) {
        return chained();
      }
      List<JsonNode> outputs = references(model.path("config").path("output_layers"));
      if (outputs.size() != 1) {
        throw new IllegalArgumentException("%s outputs, expected one".formatted(outputs.size()));
      }
      return output(outputs.get(0), 0);
    }

    private String chained() {
      List<String> before = given;
      for (Map.Entry<String, JsonNode> layer : layers.entrySet()) {
        boolean input = layer.getValue().path("class_name").asText().equals(KerasNode.INPUT);
        if (before.isEmpty() && !input) {
          before = List.of(add(layer.getKey(), inputOf(layer.getValue()), List.of(), null));
        }
        if (!input || before.isEmpty()) {
          before = List.of(call(layer.getKey(), layer.getValue(), before, null));
        }
      }
      return before.get(0);
    }

    /** An input layer where the first layer says by itself what it takes. */
    private JsonNode inputOf(JsonNode first) {
      JsonNode config = first.path("config");
      JsonNode shape = config.path("batch_input_shape");
      if (shape.isMissingNode()) {
        shape = config.path("batch_shape");
      }
      if (shape.isMissingNode()) {
        shape = model.path("build_config").path("input_shape");
      }
      return MAPPER
          .createObjectNode()
          .put("class_name", KerasNode.INPUT)
          .set("config", MAPPER.createObjectNode().set("batch_input_shape", shape));
    }

    /** The output of a layer's call: {@code [name, number of the call, number of the tensor]}. */
    private String output(JsonNode reference, int steps) {
      String name = reference.path(0).asText();
      JsonNode layer = layers.get(name);
      if (layer == null || steps > MOST_NODES) {
        throw broken(
            layer == null
                ? "refers to layer '%s', which it does not have".formatted(KerasNode.shown(name))
                : "layers in a circle");
      }
      if (reference.path(2).asInt() != 0) {
        throw new IllegalArgumentException(
            "layer %s has several outputs, expected one".formatted(KerasNode.shown(name)));
      }
      int number = reference.path(1).asInt();
      JsonNode calls = layer.path("inbound_nodes");
      // The first call of a model is that which made it, and not listed.
      int listed = isModel(layer) && number > 0 ? number - 1 : number;
      String key = listed + "/" + name;
      String known = called.get(key);
      if (known != null) {
        return known;
      }
      List<String> taken = new ArrayList<>();
      JsonNode call = null;
      if (layer.path("class_name").asText().equals(KerasNode.INPUT)) {
        if (!given.isEmpty()) {
          return given.get(inputNumber(name));
        }
      } else {
        call = calls.path(listed);
        if (call.isMissingNode()) {
          throw broken(
              "refers to call %s of layer '%s', which has %s"
                  .formatted(number, KerasNode.shown(name), calls.size()));
        }
        for (JsonNode each : references(call)) {
          taken.add(output(each, steps + 1));
        }
      }
      String made = call(name, layer, taken, call);
      called.put(key, made);
      return made;
    }

    private int inputNumber(String name) {
      List<JsonNode> inputs = references(model.path("config").path("input_layers"));
      for (int i = 0; i < inputs.size() && i < given.size(); i++) {
        if (inputs.get(i).path(0).asText().equals(name)) {
          return i;
        }
      }
      throw broken("input '%s' is given nothing".formatted(KerasNode.shown(name)));
    }

    private String call(String name, JsonNode layer, List<String> inputs, JsonNode call) {
      if (!isModel(layer)) {
        return add(name, layer, inputs, call);
      }
      List<String> path = new ArrayList<>(names);
      path.add(name);
      return new Part(layer, path, stored.get(name) + "/", depth + 1).output(inputs);
    }

    private String add(String name, JsonNode layer, List<String> inputs, JsonNode call) {
      List<String> path = new ArrayList<>(names);
      path.add(name);
      String id = "n" + nodes.size();
      if (nodes.size() >= MOST_NODES) {
        throw broken("more than " + MOST_NODES + " layers");
      }
      nodes.put(
          id,
          new KerasNode(
              id,
              layer.path("class_name").asText(),
              layer.path("config"),
              inputs,
              call == null ? MissingNode.getInstance() : call,
              path,
              stored.get(name)));
      return id;
    }
  }

  /**
   * All references to outputs: Keras 2 writes {@code [name, call, tensor]} in lists of lists, Keras
   * 3 {@code "keras_history"} in objects.
   */
  private static List<JsonNode> references(JsonNode call) {
    List<JsonNode> found = new ArrayList<>();
    collect(call, found, 0);
    return found;
  }

  private static void collect(JsonNode node, List<JsonNode> found, int depth) {
    if (depth > 2 * DEEPEST) {
      throw broken("calls nested too deep");
    }
    if (node.has("keras_history")) {
      found.add(node.get("keras_history"));
    } else if (isReference(node)) {
      found.add(node);
      // Functions of tensors have others among what is given with the first.
      node.path(3).forEach(each -> collect(each, found, depth + 1));
    } else {
      node.forEach(each -> collect(each, found, depth + 1));
    }
  }

  private static boolean isReference(JsonNode node) {
    return node.isArray()
        && node.size() >= 3
        && node.get(0).isTextual()
        && node.get(1).isInt()
        && node.get(2).isInt();
  }

  /** As Keras 3 makes names of groups from names of classes. */
  static String snakeCase(String kind) {
    return kind.replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
