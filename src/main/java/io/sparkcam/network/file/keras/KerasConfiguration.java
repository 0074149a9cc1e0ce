package io.sparkcam.network.file.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkcam.data.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The layers of a Keras model as its file describes them, in JSON. */
final class KerasConfiguration {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String SEQUENTIAL = "Sequential";
  private static final Set<String> MODELS = Set.of(SEQUENTIAL, "Functional", "Model");
  private static final String SHAPE = "batch_input_shape";

  private final String name;
  private final ObjectNode root;
  private final List<ObjectNode> layers;

  private KerasConfiguration(String name, ObjectNode root, List<ObjectNode> layers) {
    this.name = name;
    this.root = root;
    this.layers = layers;
  }

  /**
   * Takes a model's configuration apart.
   *
   * @param name of its file, for messages
   */
  static KerasConfiguration parse(String json, String name) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(json);
      String kind = root.path("class_name").asText();
      if (!MODELS.contains(kind)) {
        throw new IOException(
            "%s: model of class %s, expected Sequential or a functional one".formatted(name, kind));
      }
      // Until 2.2.3 the configuration of a Sequential was its layers and nothing else.
      JsonNode config = root.path("config");
      List<ObjectNode> layers = new ArrayList<>();
      for (JsonNode layer : config.isArray() ? config : config.path("layers")) {
        if (!layer.path("config").isObject()) {
          throw new IOException(name + ": layer " + (layers.size() + 1) + " has no configuration");
        }
        if (MODELS.contains(layer.path("class_name").asText())) {
          throw new IOException(
              "%s: layer %s is a model of its own, expected layers only"
                  .formatted(name, layer.path("config").path("name").asText()));
        }
        layers.add((ObjectNode) layer);
      }
      if (layers.isEmpty()) {
        throw new IOException(name + ": model without layers");
      }
      return new KerasConfiguration(name, (ObjectNode) root, layers);
    } catch (JsonProcessingException e) {
      throw new IOException(name + ": its model_config is no JSON", e);
    }
  }

  boolean isSequential() {
    return root.path("class_name").asText().equals(SEQUENTIAL);
  }

  /**
   * Refuses images of another size than the model was built for; a side that it leaves open becomes
   * theirs.
   */
  void requireImages(ImageShape images) throws IOException {
    List<Integer> given =
        isChannelsFirst()
            ? List.of(images.channels(), images.height(), images.width())
            : List.of(images.height(), images.width(), images.channels());
    ObjectNode input = inputLayer();
    JsonNode declared = input.path(SHAPE);
    boolean fits = declared.isMissingNode() || declared.size() == given.size() + 1;
    ArrayNode shape = MAPPER.createArrayNode().addNull();
    for (int side : given) {
      JsonNode expected = declared.path(shape.size());
      fits &= !expected.isNumber() || expected.intValue() == side;
      shape.add(side);
    }
    if (!fits) {
      throw new IOException(
          "%s: takes input of %s, the images are %s: %s"
              .formatted(
                  name,
                  sides(declared),
                  sides(shape),
                  isChannelsFirst() ? "channels, rows, columns" : "rows, columns, channels"));
    }
    input.set(SHAPE, shape);
  }

  /** Where the shape of the input is declared, or may be. */
  private ObjectNode inputLayer() {
    for (ObjectNode layer : layers) {
      if (layer.path("config").has(SHAPE)) {
        return (ObjectNode) layer.get("config");
      }
    }
    return (ObjectNode) layers.get(0).get("config");
  }

  private boolean isChannelsFirst() {
    return layers.stream()
        .anyMatch(
            layer -> layer.path("config").path("data_format").asText().equals("channels_first"));
  }

  /** {@code (28, 28, 1)}, without the batch; {@code any} where it is left open. */
  private static String sides(JsonNode shape) {
    List<String> sides = new ArrayList<>();
    for (int i = 1; i < shape.size(); i++) {
      sides.add(shape.get(i).isNumber() ? shape.get(i).asText() : "any");
    }
    return "(" + String.join(", ", sides) + ")";
  }

  /** As DL4J's import wants it: with the major version and the order of weights. */
  String json() {
    return root.deepCopy().put("keras_version", "2").put("backend", "tensorflow").toString();
  }
}
