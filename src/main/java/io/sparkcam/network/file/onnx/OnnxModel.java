package io.sparkcam.network.file.onnx;

/**
 * An ONNX file that can be explained.
 *
 * @param file its bytes
 * @param network what it computes
 * @param parameters of the network's dense layer: weights {@code (K, classes)} a class after the
 *     other, then biases
 * @param rewriting makes the file with another head
 */
public record OnnxModel(byte[] file, OnnxNetwork network, float[] parameters, Rewriting rewriting) {

  /** Makes a file that ends in the average of the features, a dense layer and softmax. */
  @FunctionalInterface
  public interface Rewriting {
    /**
     * Makes the file.
     *
     * @param parameters weights of the K averages a class after the other, then biases
     */
    byte[] withHead(int classes, float[] parameters);
  }
}
