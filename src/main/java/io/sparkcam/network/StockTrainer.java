package io.sparkcam.network;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * {@link Trainer} on DL4J's own layers, updater and {@code fit}: the fallback, and the oracle of
 * the fast one.
 */
public final class StockTrainer implements Trainer {
  private final TrainableNetwork model;
  private final CurrentRate rate = new CurrentRate();
  private final Model network;

  public StockTrainer(TrainableNetwork model, AdamRule rule) {
    this.model = model;
    org.nd4j.linalg.learning.config.Adam adam = rule.updater(0);
    adam.setLearningRateSchedule(rate);
    this.network = model.network(adam, 0);
  }

  @Override
  public void load(TrainingState state) {
    state.giveTo(network);
  }

  @Override
  public Score step(int batch, float[] images, int[] labels, double learningRate) {
    model.requireBatch(batch, images, labels);
    INDArray input =
        Nd4j.create(
            Arrays.copyOf(images, batch * model.inputSize()),
            new long[] {batch, model.channels(), model.height(), model.width()});
    INDArray target = Nd4j.zeros(DataType.FLOAT, batch, model.classes());
    for (int n = 0; n < batch; n++) {
      target.putScalar(n, labels[n], 1);
    }
    rate.value = learningRate;
    HitCounter hits = new HitCounter(labels);
    network.setListeners(hits);
    ((NeuralNetwork) network).fit(new DataSet(input, target));
    return new Score(network.score() * batch, hits.correct());
  }

  @Override
  public TrainingState state() {
    return TrainingState.of(network);
  }

  @Override
  public void close() {
    network.close();
  }

  /** The rate of the step at hand: training decides it, not a schedule inside the model. */
  private static final class CurrentRate implements ISchedule {
    private static final long serialVersionUID = 1L;
    private double value;

    @Override
    public double valueAt(int iteration, int epoch) {
      return value;
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }
}
