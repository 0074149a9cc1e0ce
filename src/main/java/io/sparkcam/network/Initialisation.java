package io.sparkcam.network;

import org.deeplearning4j.nn.weights.WeightInit;

/** What the weights of convolutions start as; biases start as 0. */
public enum Initialisation {
  /**
   * Uniform within {@code sqrt(6 / (fan in + fan out))} of 0 (Glorot and Bengio 2010): Keras's
   * default.
   */
  GLOROT(WeightInit.XAVIER_UNIFORM),
  /** Uniform within {@code sqrt(6 / fan in)} of 0, which suits ReLU (He et al. 2015). */
  HE(WeightInit.RELU_UNIFORM);

  private final WeightInit weights;

  Initialisation(WeightInit weights) {
    this.weights = weights;
  }

  WeightInit weights() {
    return weights;
  }
}
