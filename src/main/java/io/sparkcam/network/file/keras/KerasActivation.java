package io.sparkcam.network.file.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Keras's activations as DL4J has them: the same function, or none. */
final class KerasActivation {
  static final String LINEAR = "linear";
  static final String SOFTMAX = "softmax";
  static final String SIGMOID = "sigmoid";

  /** Of the function {@code leaky_relu}; the layer has another. */
  private static final double LEAKY_SLOPE = 0.2;

  private static final double LEAKY_LAYER_SLOPE = 0.3;

  private KerasActivation() {}

  /** The name of a layer's activation, which may be a string, an object that has one, or none. */
  static String name(KerasNode node) {
    return switch (node.kind()) {
      case "Softmax" -> SOFTMAX;
      case "ReLU" -> "relu";
      case "LeakyReLU" -> "leaky_relu";
      case "ELU" -> "elu";
      default -> name(node.config().path("activation"));
    };
  }

  private static String name(JsonNode activation) {
    if (activation.isObject()) {
      JsonNode config = activation.path("config");
      String name = config.isTextual() ? config.asText() : activation.path("class_name").asText();
      return KerasGraph.snakeCase(name).replace("re_lu", "relu");
    }
    String name = activation.asText(LINEAR);
    return name.isEmpty() || activation.isNull() ? LINEAR : name.toLowerCase(Locale.ROOT);
  }

  /** Whether no value that comes out of it is below 0. */
  static boolean isNonNegative(KerasNode node) {
    return switch (name(node)) {
      case "relu" -> !node.kind().equals("ReLU") || node.number("negative_slope", 0) == 0;
      case "relu6", SIGMOID, "hard_sigmoid", SOFTMAX, "softplus" -> true;
      default -> false;
    };
  }

  /**
   * DL4J's of a layer that is an activation or has one.
   *
   * @param version of Keras: some names changed their meaning
   */
  static IActivation of(KerasNode node, int version) {
    JsonNode own = node.config().path("activation").path("config");
    return switch (name(node)) {
      case LINEAR -> new ActivationIdentity();
      case "relu" -> node.kind().equals("ReLU") ? relu(node) : new ActivationReLU();
      case "relu6" -> new ActivationReLU6();
      case "leaky_relu" -> new ActivationLReLU(slope(node, own));
      case SIGMOID -> new ActivationSigmoid();
      case "tanh" -> new ActivationTanH();
      case "softplus" -> new ActivationSoftPlus();
      case "softsign" -> new ActivationSoftSign();
      case "elu" -> new ActivationELU(node.kind().equals("ELU") ? node.number("alpha", 1) : 1);
      case "selu" -> new ActivationSELU();
      case "swish", "silu" -> new ActivationSwish();
      case "mish" -> new ActivationMish();
      case "hard_sigmoid" -> {
        if (version > 2) {
          throw unknown(node);
        }
        yield new ActivationHardSigmoid();
      }
      default -> throw unknown(node);
    };
  }

  private static double slope(KerasNode node, JsonNode own) {
    if (node.kind().equals("LeakyReLU")) {
      return node.number("alpha", node.number("negative_slope", LEAKY_LAYER_SLOPE));
    }
    return own.path("negative_slope").asDouble(own.path("alpha").asDouble(LEAKY_SLOPE));
  }

  private static IActivation relu(KerasNode node) {
    double slope = node.number("negative_slope", 0);
    double threshold = node.number("threshold", 0);
    double most = node.number("max_value", Double.POSITIVE_INFINITY);
    if (threshold != 0 || (slope != 0 && most != Double.POSITIVE_INFINITY)) {
      throw unknown(node);
    }
    if (slope != 0) {
      return new ActivationLReLU(slope);
    }
    return most == Double.POSITIVE_INFINITY
        ? new ActivationReLU()
        : new ActivationReLU(most, 0.0, 0.0);
  }

  private static IllegalArgumentException unknown(KerasNode node) {
    return new IllegalArgumentException(
        "%s: DL4J does not compute its activation '%s': %s"
            .formatted(node, KerasNode.shown(name(node)), KerasFile.AS_ONNX));
  }
}
