package io.sparkcam.network;

/**
 * One copy of a {@link TrainableNetwork} in training, with LabAdam. Belongs to one thread at a
 * time.
 */
public interface Trainer extends AutoCloseable {

  /** What one step found before it moved: sums over the batch. */
  record Score(double lossSum, int correct) {}

  /** Takes over parameters, moments and iteration; the state's arrays are copied. */
  void load(TrainingState state);

  /**
   * One step of LabAdam on the mean softmax cross-entropy of a batch.
   *
   * @param images {@code (batch, C, H, W)}, values in [0, 1]
   * @param labels classes, one an image
   * @param learningRate of this step
   */
  Score step(int batch, float[] images, int[] labels, double learningRate);

  /** Where training stands, in arrays of its own. */
  TrainingState state();

  @Override
  void close();
}
