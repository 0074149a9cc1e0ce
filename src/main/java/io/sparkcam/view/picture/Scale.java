package io.sparkcam.view.picture;

import java.util.Collection;
import java.util.List;

/**
 * The values that take the first and the last colour of a colormap. A shared scale makes the maps
 * of different images comparable; a scale of their own shows each map's whole range.
 */
public record Scale(double low, double high) {
  /** Checks that both ends are numbers, in order. */
  public Scale {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException(
          "scale " + low + " to " + high + ", expected finite ends in ascending order");
    }
  }

  /** From the least to the greatest finite value of one map; 0 to 1 if it has none. */
  public static Scale of(ClassMap map) {
    return spanning(List.of(map));
  }

  /** From the least to the greatest finite value of all maps; 0 to 1 if they have none. */
  public static Scale spanning(Collection<ClassMap> maps) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (ClassMap map : maps) {
      for (int row = 0; row < map.height(); row++) {
        for (int column = 0; column < map.width(); column++) {
          float value = map.at(row, column);
          if (Float.isFinite(value)) {
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
        }
      }
    }
    return low <= high ? new Scale(low, high) : new Scale(0, 1);
  }

  /** As wide, and 0 in its middle. */
  public Scale symmetric() {
    double widest = Math.max(Math.abs(low), Math.abs(high));
    return new Scale(-widest, widest);
  }

  /**
   * Where a value stands between low (0) and high (1), unclipped: (value - low) / (high - low). As
   * in matplotlib, everything stands at 0 on a scale whose ends are equal, so a flat map takes the
   * lowest colour throughout, and a value that is not finite has no position (NaN).
   */
  public double position(double value) {
    if (!Double.isFinite(value)) {
      return Double.NaN;
    }
    return low == high ? 0 : (value - low) / (high - low);
  }
}
