package io.sparkcam.network.winograd;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.TrunkEngine;
import java.util.List;
import java.util.stream.IntStream;

/** {@link TrunkEngine} in Java's vectors: 3x3 convolutions by Winograd's minimal filtering. */
public final class WinogradTrunk implements TrunkEngine {
  private final Trunk trunk;
  private final Layout layout;
  private final List<Stage> stages;
  private Batch inference;
  private Batch training;
  private int batchInTraining;

  public WinogradTrunk(Trunk trunk, Layout layout) {
    this.trunk = trunk;
    this.layout = layout;
    this.stages =
        IntStream.range(0, trunk.stages().size()).mapToObj(i -> Stage.of(trunk, i)).toList();
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
      Maps input = layoutOf(0);
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
  private Maps layoutOf(int index) {
    return index < stages.size()
        ? stages.get(index).input()
        : Maps.plain(
            trunk.featureRows(), trunk.featureColumns(), Lanes.padded(trunk.featureChannels()));
  }

  @Override
  public int[] order() {
    int[] order = new int[trunk.parameterCount()];
    stages.forEach(stage -> stage.order(order));
    return order;
  }

  @Override
  public void load(float[] parameters) {
    stages.forEach(stage -> stage.load(parameters));
  }

  @Override
  public void infer(int batch, float[] images, float[] features) {
    if (inference == null || inference.capacity < batch) {
      inference = new Batch(batch, false);
    }
    inference.forward(batch, images, features);
  }

  @Override
  public void forward(int batch, float[] images, float[] features) {
    if (training == null || training.capacity < batch) {
      training = new Batch(batch, true);
    }
    batchInTraining = batch;
    training.forward(batch, images, features);
  }

  @Override
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
        if (layout == Layout.CHANNELS_LAST) {
          System.arraycopy(maps, from, features, (n * cells + cell) * channels, channels);
        } else {
          for (int c = 0; c < channels; c++) {
            features[(n * channels + c) * cells + cell] = maps[from + c];
          }
        }
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
        if (layout == Layout.CHANNELS_LAST) {
          System.arraycopy(features, (n * cells + cell) * channels, maps, to, channels);
        } else {
          for (int c = 0; c < channels; c++) {
            maps[to + c] = features[(n * channels + c) * cells + cell];
          }
        }
      }
    }
  }

  @Override
  public void close() {
    inference = null;
    training = null;
  }
}
