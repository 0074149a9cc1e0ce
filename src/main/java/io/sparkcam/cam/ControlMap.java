package io.sparkcam.cam;

import java.util.SplittableRandom;

/**
 * Maps that know nothing of where a network looked: what a measure of faithfulness gives for them
 * is what it gives for nothing.
 */
public final class ControlMap {
  private ControlMap() {}

  /**
   * A map's own cells in random places: as smooth as the map and with its values, so that places
   * alone are compared. The same for the same seed and id.
   *
   * @param cells of a map
   * @return the cells shuffled (R. Durstenfeld, "Algorithm 235: Random permutation", 1964)
   */
  public static float[] shuffled(float[] cells, long seed, long id) {
    // Mixed, so that seed + 1 and id - 1 give something else.
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + id);
    float[] shuffled = cells.clone();
    for (int last = shuffled.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      float cell = shuffled[last];
      shuffled[last] = shuffled[other];
      shuffled[other] = cell;
    }
    return shuffled;
  }

  /**
   * A Gaussian about the middle of the image, with standard deviations of a quarter of its sides:
   *
   * <pre>{@code exp(-((y - (H-1)/2)^2 / (2 (H/4)^2) + (x - (W-1)/2)^2 / (2 (W/4)^2)))}</pre>
   *
   * Where the things to be recognised stand in the middle, it is hard to beat.
   *
   * @return (H, W) row-major, in (0, 1]
   */
  public static float[] centred(int height, int width) {
    float[] map = new float[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dy = (y - (height - 1) / 2.0) / (height / 4.0);
        double dx = (x - (width - 1) / 2.0) / (width / 4.0);
        map[y * width + x] = (float) Math.exp(-(dy * dy + dx * dx) / 2);
      }
    }
    return map;
  }
}
