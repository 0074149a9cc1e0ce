package io.sparkcam.network;

/**
 * Logits of the batch whose features were computed last, and how they change with these: of a
 * network that has more than one dense layer after its features.
 */
public interface FeatureGradients {

  /**
   * Gives the logits.
   *
   * @param logits receives {@code (batch, C)}
   */
  void logits(int batch, float[] logits);

  /**
   * Computes the derivatives of one class's logits by the features.
   *
   * @param gradients receives {@code (batch, h, w, K)}
   */
  void gradients(int batch, int c, float[] gradients);
}
