package io.sparkcam.network;

/** The networks that can be trained, by the names that {@code --network} takes. */
public enum Networks {
  /** The lab's: four convolutions. */
  LAB(GapCnn::lab),
  /** The same of twice the filters. */
  WIDE(GapCnn::wide);

  /** Makes the network for images of this size. */
  @FunctionalInterface
  private interface Factory {
    TrainableNetwork of(int height, int width, int channels, int classes);
  }

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final Factory factory;

  Networks(Factory factory) {
    this.factory = factory;
  }

  /** The network for images of this size. */
  public TrainableNetwork of(int height, int width, int channels, int classes) {
    return factory.of(height, width, channels, classes);
  }
}
