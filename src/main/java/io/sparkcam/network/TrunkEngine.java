package io.sparkcam.network;

/**
 * Computes one {@link Trunk} forward and backward. An engine belongs to one thread at a time; what
 * it returns does not depend on what it computed before.
 *
 * <p>Images are {@code (batch, C, H, W)}; parameters and gradients stand in the engine's own {@link
 * #order} and may be followed by others in their arrays; features and their gradients are {@code
 * (batch, K, h, w)} or {@code (batch, h, w, K)} as {@link Layout} says.
 */
public interface TrunkEngine extends AutoCloseable {

  /** Order of the axes of the features. */
  enum Layout {
    /** {@code (batch, K, h, w)}, as DL4J's layers take it. */
    CHANNELS_FIRST,
    /** {@code (batch, h, w, K)}, as the table stores it. */
    CHANNELS_LAST
  }

  /**
   * The order in which this engine wants its parameters, so that none need be moved at each step:
   * its k-th is number {@code order()[k]} of the {@link Trunk}'s. It has gradients in this order,
   * too.
   */
  int[] order();

  /** Takes over the parameters of the following calls. */
  void load(float[] parameters);

  /** Features for inference: nothing is kept for a backward pass. */
  void infer(int batch, float[] images, float[] features);

  /** Features for training; {@link #backward} refers to the latest call. */
  void forward(int batch, float[] images, float[] features);

  /**
   * Gradients of the batch given to the latest {@link #forward}, which had the same parameters.
   *
   * @param featureGradients derivative of the loss by the features, after ReLU
   * @param gradients receives the derivative by each parameter, summed over the batch
   */
  void backward(float[] featureGradients, float[] gradients);

  /** Frees its memory. */
  @Override
  void close();
}
