package io.sparkcam.network.engine.winograd;

import io.sparkcam.network.Trunk;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes one {@link Trunk} forward and backward in Java's vectors: 3x3 convolutions by Winograd's
 * minimal filtering (Lavin and Gray 2016). Belongs to one thread at a time; what it returns does
 * not depend on what it computed before.
 *
 * <p>Images are {@code (batch, C, H, W)}; features and their gradients are {@code (batch, h, w,
 * K)}, as the table stores them. Parameters and gradients stand in the trunk's own {@link #order}
 * and may be followed by others in their arrays.
 */
public final class WinogradTrunk implements AutoCloseable {
  private final Trunk trunk;
  private final List<ConvolutionStage> stages;
  private Batch inference;
  private Batch training;
  private int batchInTraining;

  public WinogradTrunk(Trunk trunk) {
    this.trunk = trunk;
    this.stages =
        IntStream.range(0, trunk.stages().size())
            .mapToObj(i -> ConvolutionStage.of(trunk, i))
            .toList();
  }

  /** Width of the vector registers that Java uses on this machine. */
  public static int vectorBits() {
    return Lanes.SPECIES.vectorBitSize();
  }

  /** Values of images, gradients and so on at each stage, for up to {@code capacity} images. */
  private final class Batch {
    final int capacity;
    final float[][] maps = new float[stages.size() + 1][];
    final float[][] winners = new float[stages.size()][];
    final float[][] gradients = new float[stages.size() + 1][];

    Batch(int capacity, boolean backward) {
      this.capacity = capacity;
      for (int i = 0; i <= stages.size(); i++) {
        maps[i] = new float[capacity * layoutOf(i).imageSize()];
        if (backward && i > 0) {
          gradients[i] = new float[maps[i].length];
          winners[i - 1] = new float[capacity * stages.get(i - 1).winnersSize()];
        }
      }
    }

    void forward(int batch, float[] images, float[] features) {
      takeImages(batch, images);
      for (int i = 0; i < stages.size(); i++) {
        stages.get(i).forward(batch, maps[i], maps[i + 1], layoutOf(i + 1), winners[i]);
      }
      copyFeatures(batch, maps[stages.size()], features);
    }

    private void takeImages(int batch, float[] images) {
      FeaturePlanes input = layoutOf(0);
      int plane = input.rows() * input.columns();
      for (int n = 0; n < batch; n++) {
        for (int c = 0; c < trunk.channels(); c++) {
          int from = (n * trunk.channels() + c) * plane;
          for (int row = 0; row < input.rows(); row++) {
            int to = input.start(n) + row * input.rowStride() + c;
            for (int column = 0; column < input.columns(); column++) {
              maps[0][to + column * input.channels()] = images[from++];
            }
          }
        }
      }
    }
  }

  /** What stage {@code index} reads, and the one before it writes. */
  private FeaturePlanes layoutOf(int index) {
    return index < stages.size()
        ? stages.get(index).input()
        : FeaturePlanes.plain(
            trunk.featureRows(), trunk.featureColumns(), Lanes.padded(trunk.featureChannels()));
  }

  /**
   * The order in which this trunk wants its parameters, so that none need be moved at each step:
   * its k-th is number {@code order()[k]} of the {@link Trunk}'s. It has gradients in this order,
   * too.
   */
  public int[] order() {
    int[] order = new int[trunk.parameterCount()];
    stages.forEach(stage -> stage.order(order));
    return order;
  }

  /** Takes over the parameters of the following calls. */
  public void load(float[] parameters) {
    stages.forEach(stage -> stage.load(parameters));
  }

  /** Features for inference: nothing is kept for a backward pass. */
  public void infer(int batch, float[] images, float[] features) {
    if (inference == null || inference.capacity < batch) {
      inference = new Batch(batch, false);
    }
    inference.forward(batch, images, features);
  }

  /** Features for training; {@link #backward} refers to the latest call. */
  public void forward(int batch, float[] images, float[] features) {
    if (training == null || training.capacity < batch) {
      training = new Batch(batch, true);
    }
    batchInTraining = batch;
    training.forward(batch, images, features);
  }

  /**
   * Gradients of the batch given to the latest {@link #forward}, which had the same parameters.
   *
   * @param featureGradients derivative of the loss by the features, after ReLU
   * @param gradients receives the derivative by each parameter, summed over the batch
   */
  public void backward(float[] featureGradients, float[] gradients) {
    if (training == null) {
      throw new IllegalStateException("backward before forward");
    }
    int last = stages.size();
    takeFeatureGradients(featureGradients, training.gradients[last]);
    for (int i = last - 1; i >= 0; i--) {
      stages
          .get(i)
          .backward(
              batchInTraining,
              training.maps[i],
              training.maps[i + 1],
              layoutOf(i + 1),
              training.winners[i],
              training.gradients[i + 1],
              training.gradients[i],
              gradients);
    }
  }

  private void copyFeatures(int batch, float[] maps, float[] features) {
    int cells = trunk.featureCells();
    int channels = trunk.featureChannels();
    int lanes = Lanes.padded(channels);
    for (int n = 0; n < batch; n++) {
      for (int cell = 0; cell < cells; cell++) {
        int from = (n * cells + cell) * lanes;
        System.arraycopy(maps, from, features, (n * cells + cell) * channels, channels);
      }
    }
  }

  private void takeFeatureGradients(float[] features, float[] maps) {
    int cells = trunk.featureCells();
    int channels = trunk.featureChannels();
    int lanes = Lanes.padded(channels);
    for (int n = 0; n < batchInTraining; n++) {
      for (int cell = 0; cell < cells; cell++) {
        int to = (n * cells + cell) * lanes;
        System.arraycopy(features, (n * cells + cell) * channels, maps, to, channels);
      }
    }
  }

  /** Frees its memory. */
  @Override
  public void close() {
    inference = null;
    training = null;
  }
}
