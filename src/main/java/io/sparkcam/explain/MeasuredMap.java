package io.sparkcam.explain;

import java.util.Locale;

/** The maps whose faithfulness a table has: the one it explains with, and its controls. */
public enum MeasuredMap {
  /** The predicted class's map, aligned with what the network saw. */
  CAM(0, ""),
  /** Its cells in random places. */
  RANDOM(1, "_random"),
  /** A Gaussian about the middle of the image. */
  CENTRED(2, "_centred");

  private final int place;
  private final String suffix;

  MeasuredMap(int place, String suffix) {
    this.place = place;
    this.suffix = suffix;
  }

  /** Its place among them, from 0. */
  public int place() {
    return place;
  }

  /** The name of a measure's column for this map. */
  public String column(String measure) {
    return measure + suffix;
  }

  /** As tables call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
