package io.sparkcam.data;

import java.io.Serializable;

/**
 * The size of one image, in pixels and channels; every side is 1 to {@value #MAX_SIDE}, channels 1
 * to {@value #MAX_CHANNELS}.
 */
public record ImageShape(int height, int width, int channels) implements Serializable {
  /**
   * The longest side that is read. With {@link #MAX_CHANNELS} it keeps one image at 64 MiB or less.
   */
  public static final int MAX_SIDE = 4096;

  public static final int MAX_CHANNELS = 4;

  public ImageShape {
    requireBetween(height, MAX_SIDE, "height");
    requireBetween(width, MAX_SIDE, "width");
    requireBetween(channels, MAX_CHANNELS, "channels");
  }

  /** Bytes of one image: channels * height * width. */
  public int size() {
    return channels * height * width;
  }

  private static void requireBetween(int value, int most, String what) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(what + " " + value + ", expected 1 to " + most);
    }
  }
}
