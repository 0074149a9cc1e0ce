package io.sparkcam.network.file;

import io.sparkcam.network.GapCnn;
import io.sparkcam.network.TrainableNetwork;
import java.io.IOException;

/** The networks that can be trained, by the names that {@code --network} takes. */
public enum Networks {
  /** The lab's: four convolutions. */
  LAB(GapCnn::lab),
  /** The same of twice the filters. */
  WIDE(GapCnn::wide),
  /** Residual blocks with batch normalisation. */
  RESNET(ResNet::of);

  /** Makes the network for images of this size. */
  @FunctionalInterface
  private interface Factory {
    TrainableNetwork of(int height, int width, int channels, int classes) throws IOException;
  }

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final Factory factory;

  Networks(Factory factory) {
    this.factory = factory;
  }

  /**
   * The network for images of this size.
   *
   * @throws IOException if they are too small
   */
  public TrainableNetwork of(int height, int width, int channels, int classes) throws IOException {
    return factory.of(height, width, channels, classes);
  }
}
