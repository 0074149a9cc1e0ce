package io.sparkcam.inputs;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.run.RunDirectory;
import java.io.IOException;
import java.util.Optional;

/**
 * A model that is to explain images.
 *
 * @param parameters as the network lays them out
 * @param fileName under which a run keeps it: {@link ModelFile#DL4J} or {@link ModelFile#ONNX}
 * @param content of that file
 * @param engine what computes it, and why, where that is not for the settings to decide
 * @param rewriting makes it with another head
 */
public record ExplainableModel(
    CamNetwork network,
    float[] parameters,
    String fileName,
    RunDirectory.Content content,
    Optional<String> engine,
    Rewriting rewriting) {

  /** Makes the model with another head. */
  @FunctionalInterface
  interface Rewriting {
    ExplainableModel withHead(int classes, float[] parameters) throws IOException;
  }

  /**
   * The model whose features are averaged for another dense layer, with softmax.
   *
   * @param head weights of the K averages a class after the other, then biases
   */
  public ExplainableModel withHead(int classes, float[] head) throws IOException {
    return rewriting.withHead(classes, head);
  }
}
