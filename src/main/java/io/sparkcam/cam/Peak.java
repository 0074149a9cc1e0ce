package io.sparkcam.cam;

/**
 * Where a map is strongest.
 *
 * @param x column
 * @param y row
 */
public record Peak(int x, int y) {

  /**
   * The place of a map's largest value; of several, which there are where an aligned map is level
   * beyond its outermost cells, the one nearest to the middle of the map, and of those the first in
   * row-major order. A map without any number has its peak there, too.
   *
   * @param map holds (height, width) from {@code offset}, signed
   */
  public static Peak of(float[] map, int offset, int height, int width) {
    Bounds.require("map", map, offset, height * width);
    Peak peak = new Peak(0, 0);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        Peak other = new Peak(x, y);
        float difference = map[offset + y * width + x] - map[offset + peak.y * width + peak.x];
        boolean nearer =
            other.distanceToMiddle(height, width) < peak.distanceToMiddle(height, width);
        peak = difference > 0 || (difference == 0 && nearer) ? other : peak;
      }
    }
    return peak;
  }

  /** Squared, in half pixels. */
  private long distanceToMiddle(int height, int width) {
    long dx = 2L * x - (width - 1);
    long dy = 2L * y - (height - 1);
    return dx * dx + dy * dy;
  }
}
