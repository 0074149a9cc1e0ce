package io.sparkcam.network;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Everything training carries from one step to the next. The arrays are the caller's own, never
 * copied: they are large and travel often.
 */
public final class TrainingState {
  private final float[] parameters;
  private final float[] moments;
  private final int iteration;

  /**
   * @param parameters the flattened parameters, as DL4J's {@code params()} orders them
   * @param moments LabAdam's state as DL4J's updater orders it: first moments, then second moments;
   *     zeros at its end where some parameters have none, such as statistics of batches
   * @param iteration steps taken so far
   */
  public TrainingState(float[] parameters, float[] moments, int iteration) {
    if (moments.length != 2 * parameters.length) {
      throw new IllegalArgumentException(
          "moments: "
              + moments.length
              + " values, expected "
              + 2 * parameters.length
              + ", two a parameter");
    }
    if (iteration < 0) {
      throw new IllegalArgumentException("iteration: " + iteration + ", expected at least 0");
    }
    this.parameters = parameters;
    this.moments = moments;
    this.iteration = iteration;
  }

  /** A fresh start: moments zero, no step taken. */
  public static TrainingState fresh(float[] parameters) {
    return new TrainingState(parameters, new float[2 * parameters.length], 0);
  }

  /** Where a network stands. */
  public static TrainingState of(Model network) {
    float[] parameters = new float[Math.toIntExact(network.numParams())];
    float[] moments = new float[2 * parameters.length];
    INDArray kept = ((NeuralNetwork) network).updaterState();
    network.params().data().asNioFloat().get(parameters);
    kept.data().asNioFloat().get(moments, 0, (int) kept.length());
    return new TrainingState(parameters, moments, NetworkCounters.iteration(network));
  }

  /** Brings a network to where this stands. */
  public void giveTo(Model network) {
    INDArray kept = ((NeuralNetwork) network).updaterState();
    network.params().data().asNioFloat().put(parameters);
    kept.data().asNioFloat().put(moments, 0, (int) kept.length());
    NetworkCounters.setIteration(network, iteration);
  }

  public float[] parameters() {
    return parameters;
  }

  public float[] moments() {
    return moments;
  }

  public int iteration() {
    return iteration;
  }
}
