package io.sparkcam.network;

import java.util.Optional;

/**
 * The features of a network's last convolution, a batch at a time. Belongs to one thread at a time.
 */
public interface FeatureMaps extends AutoCloseable {

  /** Takes over flattened parameters in DL4J's order; they are copied. */
  void load(float[] parameters);

  /**
   * Computes the features of one batch.
   *
   * @param images {@code (batch, C, H, W)}, values in [0, 1]
   * @param features receives {@code (batch, h, w, K)}, after ReLU
   */
  void compute(int batch, float[] images, float[] features);

  /** Logits of the latest batch, where they are not those of one dense layer on the features. */
  default Optional<FeatureGradients> gradients() {
    return Optional.empty();
  }

  @Override
  void close();
}
