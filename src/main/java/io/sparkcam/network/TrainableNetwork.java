package io.sparkcam.network;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** A {@link CamNetwork} that can be trained: it is a stock DL4J network with a softmax output. */
public interface TrainableNetwork extends CamNetwork {
  /** Adam as the lab uses it. */
  static Adam adam(double learningRate) {
    return AdamRule.LAB.updater(learningRate);
  }

  /** The DL4J network, initialised from {@code seed} as Keras does it. */
  default Model network(IUpdater updater, long seed) {
    return network(updater, Initialisation.GLOROT, seed);
  }

  /**
   * The DL4J network, initialised from {@code seed}.
   *
   * @return a {@code MultiLayerNetwork} or a {@code ComputationGraph}
   */
  Model network(IUpdater updater, Initialisation initialisation, long seed);

  /** Where among the parameters statistics of batches are, which no updater moves. */
  default List<BatchStatistics> statistics() {
    return List.of();
  }

  /** What tells this network from others, in one line: layers and sizes. */
  String description();

  /**
   * Refuses a batch that lacks pixels or has a label that is no class.
   *
   * @throws IllegalArgumentException naming the label and the image
   */
  default void requireBatch(int batch, float[] images, int[] labels) {
    if (batch < 1 || labels.length < batch || images.length < (long) batch * inputSize()) {
      throw new IllegalArgumentException(
          "batch of %s images: %s labels and %s values, expected one and %s an image"
              .formatted(batch, labels.length, images.length, inputSize()));
    }
    for (int n = 0; n < batch; n++) {
      if (labels[n] < 0 || labels[n] >= classes()) {
        throw new IllegalArgumentException(
            "label %s of image %s, expected 0 to %s".formatted(labels[n], n, classes() - 1));
      }
    }
  }
}
