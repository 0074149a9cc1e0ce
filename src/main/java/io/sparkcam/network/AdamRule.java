package io.sparkcam.network;

import java.io.Serializable;
import org.nd4j.linalg.learning.config.Adam;

/**
 * How {@link Trainer}s make a step of Adam (Kingma and Ba 2015) from a gradient: the decay of the
 * first moments is 0.9, epsilon 1e-7, Keras's default (DL4J's own is 1e-8).
 *
 * @param beta2 decay of the second moments, 0 to below 1
 */
public record AdamRule(double beta2) implements Serializable {
  /** As the lab uses it: 0.999. */
  public static final AdamRule LAB = new AdamRule(Adam.DEFAULT_ADAM_BETA2_VAR_DECAY);

  static final double BETA1 = Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY;
  static final double EPSILON = 1e-7;

  public AdamRule {
    if (!(beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException("beta2: " + beta2 + ", expected 0 to below 1");
    }
  }

  /** The same as DL4J's networks have it. */
  public Adam updater(double learningRate) {
    return new Adam(learningRate, BETA1, beta2, EPSILON);
  }
}
