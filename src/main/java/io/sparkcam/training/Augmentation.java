package io.sparkcam.training;

import io.sparkcam.data.ImageShape;

/**
 * Images as training sees them. What happens to an image is a function of the seed, the step, the
 * worker and the place in its batch alone.
 */
public enum Augmentation {
  /** As they are. */
  NONE,
  /** Every other one mirrored left to right. */
  FLIPS,
  /** The same, and moved by up to two pixels either way, on black. */
  SHIFTS_AND_FLIPS;

  private static final int FARTHEST = 2;

  /**
   * Changes a batch in place.
   *
   * @param images whose batch it is
   * @param pixels {@code (count, channel, row, column)}
   * @param step since training began
   */
  void apply(WorkerImages images, int count, float[] pixels, long seed, long step) {
    if (this == NONE) {
      return;
    }
    ImageShape shape = images.shape();
    float[] row = new float[shape.width()];
    long batch = mix(mix(mix(seed) + step) + images.worker());
    for (int n = 0; n < count; n++) {
      long random = mix(batch + n);
      boolean mirrored = (random & 1) == 1;
      int down = this == FLIPS ? 0 : offset(random >>> 1);
      int right = this == FLIPS ? 0 : offset(random >>> 32);
      for (int channel = 0; channel < shape.channels(); channel++) {
        int plane = (n * shape.channels() + channel) * shape.height() * shape.width();
        move(pixels, plane, shape.height(), row, mirrored, down, right);
      }
    }
  }

  private static int offset(long random) {
    return (int) ((random & 0x7fffffffL) % (2 * FARTHEST + 1)) - FARTHEST;
  }

  /** Rows are overwritten in the order in which they are not read any more. */
  private static void move(
      float[] pixels, int plane, int height, float[] row, boolean mirrored, int down, int right) {
    int width = row.length;
    for (int i = 0; i < height; i++) {
      int y = down > 0 ? height - 1 - i : i;
      int from = y - down;
      for (int x = 0; x < width; x++) {
        int column = x - right;
        boolean inside = from >= 0 && from < height && column >= 0 && column < width;
        int source = mirrored ? width - 1 - column : column;
        row[x] = inside ? pixels[plane + from * width + source] : 0;
      }
      System.arraycopy(row, 0, pixels, plane + y * width, width);
    }
  }

  /** SplitMix64 with Stafford's thirteenth mixer (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
