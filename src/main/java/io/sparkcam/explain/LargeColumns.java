package io.sparkcam.explain;

import java.util.EnumSet;
import java.util.Set;

/** Which of the columns that grow with images a table has: {@code features} and {@code cam}. */
public enum LargeColumns {
  /** {@code features} up to {@value #MOST_SIDE} pixels a side, else none. */
  AUTO,
  ALL,
  FEATURES,
  CAM,
  NONE;

  private static final int MOST_SIDE = 64;

  /** Those that a table of images of this size has not. */
  public Set<OptionalColumns> leftOut(int height, int width) {
    return switch (this) {
      case AUTO -> (Math.max(height, width) > MOST_SIDE ? NONE : FEATURES).leftOut(height, width);
      case ALL -> Set.of();
      case FEATURES -> EnumSet.of(OptionalColumns.CAM);
      case CAM -> EnumSet.of(OptionalColumns.FEATURES);
      case NONE -> EnumSet.of(OptionalColumns.FEATURES, OptionalColumns.CAM);
    };
  }
}
