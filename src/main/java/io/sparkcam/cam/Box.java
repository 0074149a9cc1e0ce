package io.sparkcam.cam;

/**
 * A box of whole pixels: columns x0 to x1 and rows y0 to y1, each without the last, so that it is
 * x1 - x0 wide and y1 - y0 high.
 *
 * @param x0 first column
 * @param y0 first row
 * @param x1 column after the last
 * @param y1 row after the last
 */
public record Box(int x0, int y0, int x1, int y1) {
  public Box {
    if (x0 < 0 || y0 < 0 || x1 <= x0 || y1 <= y0) {
      throw new IllegalArgumentException(
          "box from (%s, %s) to (%s, %s), expected 0 <= x0 < x1 and 0 <= y0 < y1"
              .formatted(x0, y0, x1, y1));
    }
  }

  /** Number of pixels. */
  public long area() {
    return (long) (x1 - x0) * (y1 - y0);
  }

  /** Intersection over union of the two boxes' pixels, 0 (apart) to 1 (equal). */
  public double iou(Box other) {
    long width = Math.max(0, Math.min(x1, other.x1) - Math.max(x0, other.x0));
    long height = Math.max(0, Math.min(y1, other.y1) - Math.max(y0, other.y0));
    long shared = width * height;
    return (double) shared / (area() + other.area() - shared);
  }
}
