package io.sparkcam.cam;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a map points at: the box around the largest connected component of the pixels above
 * 20% of the map's maximum (B. Zhou et al., "Learning Deep Features for Discriminative
 * Localization", CVPR 2016).
 *
 * <p>The paper leaves details open. Above means strictly above, and pixels that touch at a corner
 * are connected (8 neighbours): so does the authors' box generator, with OpenCV's binary threshold
 * and {@code findContours}. The largest component has the most pixels; of equals, the one whose
 * first pixel comes first in row-major order.
 *
 * <p>Immutable and safe for any number of threads.
 */
public final class BoxFinder {
  private static final double THRESHOLD = 0.2;

  /** Bits of a column. */
  private static final int SHIFT = 16;

  private final int height;
  private final int width;

  /** Finds boxes in maps of this size. */
  public BoxFinder(int height, int width) {
    int most = (1 << SHIFT) - 2;
    if (Math.min(height, width) < 1 || Math.max(height, width) > most) {
      throw new IllegalArgumentException(
          "boxes of %s x %s maps, expected sides of 1 to %s".formatted(height, width, most));
    }
    this.height = height;
    this.width = width;
  }

  /**
   * The box of one map.
   *
   * @param map holds (height, width) from {@code offset}, signed
   * @return empty if the maximum is not positive or any value is not finite
   */
  public Optional<Box> largest(float[] map, int offset) {
    Bounds.require("map", map, offset, height * width);
    float maximum = 0;
    for (int i = offset; i < offset + height * width; i++) {
      if (!Float.isFinite(map[i])) {
        return Optional.empty();
      }
      maximum = Math.max(maximum, map[i]);
    }
    if (maximum == 0) {
      return Optional.empty();
    }
    boolean[] above = above(map, offset, THRESHOLD * maximum);
    int[] pending = new int[height * width];
    Component largest = null;
    for (int pixel = 0; pixel < above.length; pixel++) {
      if (above[pixel]) {
        Component component = take(above, pixel, pending);
        if (largest == null || component.pixels > largest.pixels) {
          largest = component;
        }
      }
    }
    // The maximum itself is above the threshold, so there is a component.
    return Optional.ofNullable(largest).map(Component::box);
  }

  /**
   * The boxes of all components of the pixels above a threshold, in the row-major order of their
   * first pixels.
   *
   * @param map holds (height, width) from {@code offset}, signed
   */
  public List<Box> all(float[] map, int offset, double threshold) {
    Bounds.require("map", map, offset, height * width);
    boolean[] above = above(map, offset, threshold);
    int[] pending = new int[height * width];
    List<Box> boxes = new ArrayList<>();
    for (int pixel = 0; pixel < above.length; pixel++) {
      if (above[pixel]) {
        boxes.add(take(above, pixel, pending).box());
      }
    }
    return boxes;
  }

  /**
   * The pixels above the threshold, with a margin of one pixel so that every one of them has 8
   * neighbours.
   */
  private boolean[] above(float[] map, int offset, double threshold) {
    boolean[] above = new boolean[(height + 2) * stride()];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        above[(y + 1) * stride() + x + 1] = map[offset + y * width + x] > threshold;
      }
    }
    return above;
  }

  private int stride() {
    return width + 2;
  }

  private record Component(int pixels, Box box) {}

  /** Measures the component of {@code first} and removes it from the pixels above. */
  private Component take(boolean[] above, int first, int[] pending) {
    int x0 = width;
    int y0 = height;
    int x1 = 0;
    int y1 = 0;
    int pixels = 0;
    int size = 0;
    above[first] = false;
    pending[size++] = ((first / stride()) << SHIFT) | (first % stride());
    while (size > 0) {
      int place = pending[--size]; // row and column: dividing for each pixel would take longest
      int row = place >>> SHIFT;
      int column = place & ((1 << SHIFT) - 1);
      pixels++;
      x0 = Math.min(x0, column - 1);
      y0 = Math.min(y0, row - 1);
      x1 = Math.max(x1, column);
      y1 = Math.max(y1, row);
      for (int y = row - 1; y <= row + 1; y++) {
        for (int x = column - 1; x <= column + 1; x++) {
          if (above[y * stride() + x]) {
            above[y * stride() + x] = false;
            pending[size++] = y << SHIFT | x;
          }
        }
      }
    }
    return new Component(pixels, new Box(x0, y0, x1, y1));
  }
}
