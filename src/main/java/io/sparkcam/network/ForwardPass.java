package io.sparkcam.network;

import io.sparkcam.data.ImageBlock;

/**
 * A trained {@link CamNetwork} at work: one forward pass a batch, its results left in arrays that
 * the next batch overwrites. Belongs to one thread at a time.
 */
public final class ForwardPass {
  private final CamNetwork model;
  private final GapHead head;
  private final FeatureMaps maps;
  private float[] parameters = new float[0];
  private float[] images = new float[0];
  private float[] scaled = new float[0];
  private float[] features = new float[0];
  private float[] pooled = new float[0];
  private float[] logits = new float[0];
  private float[] probabilities = new float[0];

  public ForwardPass(CamNetwork model, FeatureMaps maps) {
    this.model = model;
    this.head = model.head();
    this.maps = maps;
  }

  /** Takes over flattened parameters in DL4J's order. */
  public void load(float[] newParameters) {
    parameters = newParameters.clone();
    maps.load(parameters);
  }

  /** Classifies {@code count} images of a block, from {@code first} on. */
  public void classify(ImageBlock block, int first, int count) {
    model.requireImages(block.shape());
    if (images.length < count * model.inputSize()) {
      images = new float[count * model.inputSize()];
    }
    block.normalise(first, count, images);
    classify(images, count);
  }

  /**
   * Classifies images that no file holds.
   *
   * @param input {@code (count, channel, row, column)}, values in [0, 1]; may be longer
   */
  public void classify(float[] input, int count) {
    if (logits.length < count * model.classes()) {
      features = new float[count * model.featureSize()];
      pooled =
          new float[count * (model.isFlattened() ? model.featureSize() : model.featureChannels())];
      logits = new float[count * model.classes()];
      probabilities = new float[count * model.classes()];
    }
    maps.compute(
        count, model.pixels().map(scale -> scaled(scale, input, count)).orElse(input), features);
    if (maps.gradients().isPresent()) {
      maps.gradients().get().logits(count, logits);
    } else {
      head.pool(count, features, pooled);
      head.logits(count, pooled, parameters, model.headOffset(), logits);
    }
    model.headKind().probabilities(count, model.classes(), logits, probabilities);
  }

  private float[] scaled(PixelScale scale, float[] input, int count) {
    if (scaled.length < count * model.inputSize()) {
      scaled = new float[count * model.inputSize()];
    }
    scale.apply(input, count, model.height() * model.width(), scaled);
    return scaled;
  }

  /**
   * The derivatives of one class's logits by the features of the latest batch.
   *
   * @param gradients receives {@code (count, h, w, K)}
   */
  public void gradients(int count, int c, float[] gradients) {
    if (maps.gradients().isPresent()) {
      maps.gradients().get().gradients(count, c, gradients);
    } else {
      head.gradients(count, c, parameters, model.headOffset(), gradients);
    }
  }

  /** {@code (batch, h, w, K)} of the latest batch. */
  public float[] features() {
    return features;
  }

  /** {@code (batch, C)} of the latest batch. */
  public float[] logits() {
    return logits;
  }

  /** {@code (batch, C)} of the latest batch. */
  public float[] probabilities() {
    return probabilities;
  }

  /**
   * The class with the largest logit of image {@code n} of the latest batch; the lowest of equals.
   */
  public int predicted(int n) {
    int row = n * model.classes();
    int top = 0;
    for (int c = 1; c < model.classes(); c++) {
      top = logits[row + c] > logits[row + top] ? c : top;
    }
    return top;
  }
}
