package io.sparkcam.network;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Computes one {@link Trunk} forward and backward. An engine belongs to one thread at a time; what
 * it returns does not depend on what it computed before.
 *
 * <p>All arrays are float32 in native memory. Images are {@code (batch, C, H, W)}; parameters and
 * gradients are laid out as {@link Trunk} says; features and their gradients are {@code (batch, K,
 * h, w)} or {@code (batch, h, w, K)} as {@link Layout} says.
 */
public interface TrunkEngine extends AutoCloseable {

  /** Order of the axes of the features. */
  enum Layout {
    /** {@code (batch, K, h, w)}, as DL4J's layers take it. */
    CHANNELS_FIRST,
    /** {@code (batch, h, w, K)}, as the table stores it. */
    CHANNELS_LAST
  }

  /** Features for inference: nothing is kept for a backward pass. */
  void infer(int batch, FloatPointer images, FloatPointer parameters, FloatPointer features);

  /** Features for training; {@link #backward} refers to the latest call. */
  void forward(int batch, FloatPointer images, FloatPointer parameters, FloatPointer features);

  /**
   * Gradients of the batch given to the latest {@link #forward}, which had the same parameters.
   *
   * @param featureGradients derivative of the loss by the features, after ReLU
   * @param gradients receives the derivative by each parameter, summed over the batch
   */
  void backward(FloatPointer featureGradients, FloatPointer gradients);

  /** Frees the native memory. */
  @Override
  void close();
}
