package io.sparkcam.network;

import io.sparkcam.network.onednn.OneDnnTrunk;
import org.bytedeco.javacpp.FloatPointer;

/**
 * {@link Trainer} on the {@link TrunkEngine}: convolutions in oneDNN, head and Adam in Java,
 * nothing allocated once a batch size has been seen. The state it loads and returns is the stock
 * DL4J network's.
 */
public final class FastTrainer implements Trainer {
  private final GapCnn model;
  private final GapHead head;
  private final TrunkEngine engine;
  private final Adam adam;
  private final float[] parameters;
  private final float[] gradients;
  private final FloatPointer nativeParameters;
  private final FloatPointer nativeGradients;
  private Batch batch;

  public FastTrainer(GapCnn model) {
    Trunk trunk = model.trunk();
    this.model = model;
    this.head = model.head();
    this.engine = new OneDnnTrunk(trunk, TrunkEngine.Layout.CHANNELS_LAST);
    this.parameters = new float[model.parameterCount()];
    this.gradients = new float[model.parameterCount()];
    this.adam = new Adam(model.parameterCount());
    this.batch = new Batch(0);
    this.nativeParameters = new FloatPointer((long) trunk.parameterCount());
    this.nativeGradients = new FloatPointer((long) trunk.parameterCount());
  }

  @Override
  public void load(TrainingState state) {
    System.arraycopy(state.parameters(), 0, parameters, 0, parameters.length);
    adam.load(state);
    nativeParameters.put(parameters, 0, model.trunk().parameterCount());
  }

  @Override
  public Score step(int count, float[] images, int[] labels, double learningRate) {
    model.requireBatch(count, images, labels);
    if (batch.capacity < count) {
      batch.close();
      batch = new Batch(count);
    }
    int trunkSize = model.trunk().parameterCount();
    batch.images.put(images, 0, count * model.trunk().inputSize());
    engine.forward(count, batch.images, nativeParameters, batch.nativeFeatures);
    batch.nativeFeatures.get(batch.features, 0, count * model.trunk().featureSize());
    head.pool(count, batch.features, batch.pooled);
    head.logits(count, batch.pooled, parameters, trunkSize, batch.logits);
    head.softmax(count, batch.logits, batch.probabilities);
    Score score = scoreAndErrors(count, labels);
    head.backward(
        count, batch.pooled, batch.probabilities, parameters, gradients, trunkSize, batch.features);
    batch.nativeFeatures.put(batch.features, 0, count * model.trunk().featureSize());
    engine.backward(batch.nativeFeatures, nativeGradients);
    nativeGradients.get(gradients, 0, trunkSize);
    adam.step(parameters, gradients, count, learningRate);
    nativeParameters.put(parameters, 0, trunkSize);
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
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        top = batch.logits[row + c] > batch.logits[row + top] ? c : top;
      }
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(batch.logits[row + c] - batch.logits[row + top]);
      }
      loss += Math.log(sum) + batch.logits[row + top] - batch.logits[row + labels[n]];
      correct += top == labels[n] ? 1 : 0;
      batch.probabilities[row + labels[n]] -= 1f;
    }
    return new Score(loss, correct);
  }

  /**
   * Derivative of the latest step's summed loss by each parameter, before Adam: what a gradient
   * check compares.
   */
  float[] latestGradients() {
    return gradients.clone();
  }

  @Override
  public TrainingState state() {
    return adam.state(parameters);
  }

  @Override
  public void close() {
    engine.close();
    batch.close();
    nativeParameters.deallocate();
    nativeGradients.deallocate();
  }

  /** Buffers for up to {@code capacity} images. */
  private final class Batch {
    final int capacity;
    final FloatPointer images;
    final FloatPointer nativeFeatures;
    final float[] features;
    final float[] pooled;
    final float[] logits;
    final float[] probabilities;

    Batch(int capacity) {
      Trunk trunk = model.trunk();
      this.capacity = capacity;
      images = new FloatPointer((long) capacity * trunk.inputSize());
      nativeFeatures = new FloatPointer((long) capacity * trunk.featureSize());
      features = new float[capacity * trunk.featureSize()];
      pooled = new float[capacity * trunk.featureChannels()];
      logits = new float[capacity * model.classes()];
      probabilities = new float[capacity * model.classes()];
    }

    void close() {
      images.deallocate();
      nativeFeatures.deallocate();
    }
  }
}
