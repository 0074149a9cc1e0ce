package io.sparkcam.network.engine;

import io.sparkcam.network.AdamRule;
import io.sparkcam.network.GapHead;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.LabAdam;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.Trainer;
import io.sparkcam.network.TrainingState;
import io.sparkcam.network.Trunk;
import io.sparkcam.network.engine.winograd.WinogradTrunk;

/**
 * {@link Trainer} on the {@link WinogradTrunk}, head and LabAdam in Java; nothing is allocated once
 * a batch size has been seen. The state it loads and returns is the stock DL4J network's, whatever
 * order the engine keeps it in.
 */
public final class FastTrainer implements Trainer {
  private final TrainableNetwork model;
  private final GapHead head;
  private final WinogradTrunk engine;
  private final ParameterOrder order;
  private final LabAdam adam;
  private final float[] parameters;
  private final float[] gradients;
  private Batch batch;

  FastTrainer(TrainableNetwork model, Trunk trunk, AdamRule rule) {
    this.model = model;
    this.head = model.head();
    this.engine = new WinogradTrunk(trunk);
    this.order = new ParameterOrder(this.engine);
    this.parameters = new float[model.parameterCount()];
    this.gradients = new float[model.parameterCount()];
    this.adam = new LabAdam(rule, model.parameterCount());
    this.batch = new Batch(0);
  }

  @Override
  public void load(TrainingState stock) {
    TrainingState state = order.toEngine(stock);
    System.arraycopy(state.parameters(), 0, parameters, 0, parameters.length);
    adam.load(state);
    engine.load(parameters);
  }

  @Override
  public Score step(int count, float[] images, int[] labels, double learningRate) {
    model.requireBatch(count, images, labels);
    if (batch.capacity < count) {
      batch = new Batch(count);
    }
    int trunkSize = model.headOffset();
    engine.forward(count, images, batch.features);
    head.pool(count, batch.features, batch.pooled);
    head.logits(count, batch.pooled, parameters, trunkSize, batch.logits);
    head.softmax(count, batch.logits, batch.probabilities);
    Score score = scoreAndErrors(count, labels);
    head.backward(
        count, batch.pooled, batch.probabilities, parameters, gradients, trunkSize, batch.features);
    engine.backward(batch.features, gradients);
    adam.step(parameters, gradients, count, learningRate);
    engine.load(parameters);
    return score;
  }

  /** Loss and hits from the probabilities, which then become p - y, the errors of the logits. */
  private Score scoreAndErrors(int count, int[] labels) {
    int classes = model.classes();
    double loss = 0;
    int correct = 0;
    for (int n = 0; n < count; n++) {
      int row = n * classes;
      int top = 0;
      for (int c = 0; c < classes; c++) {
        top = batch.logits[row + c] > batch.logits[row + top] ? c : top;
      }
      loss += HeadKind.crossEntropy(batch.logits, row, classes, labels[n]);
      correct += top == labels[n] ? 1 : 0;
      batch.probabilities[row + labels[n]] -= 1f;
    }
    return new Score(loss, correct);
  }

  /**
   * Derivative of the latest step's summed loss by each parameter, before LabAdam: what a gradient
   * check compares.
   */
  float[] latestGradients() {
    return order.toStock(gradients);
  }

  @Override
  public TrainingState state() {
    return order.toStock(adam.state(parameters));
  }

  @Override
  public void close() {
    engine.close();
  }

  /** Buffers for up to {@code capacity} images. */
  private final class Batch {
    final int capacity;
    final float[] features;
    final float[] pooled;
    final float[] logits;
    final float[] probabilities;

    Batch(int capacity) {
      this.capacity = capacity;
      features = new float[capacity * model.featureSize()];
      pooled = new float[capacity * model.featureChannels()];
      logits = new float[capacity * model.classes()];
      probabilities = new float[capacity * model.classes()];
    }
  }
}
