package io.sparkcam.explain;

import java.util.Locale;

/** By what cells are ranked when they are inserted or deleted, the strongest first. */
public enum CellRanking {
  /** The predicted class's map. */
  CAM(0, ""),
  /** Shapley values of the predicted class's probability. */
  SHAPLEY(1, "_shapley"),
  /** The map's cells in random places. */
  RANDOM(2, "_random"),
  /** A Gaussian about the middle of the map. */
  CENTRED(3, "_centred");

  private final int place;
  private final String suffix;

  CellRanking(int place, String suffix) {
    this.place = place;
    this.suffix = suffix;
  }

  /** Its place among them, from 0. */
  public int place() {
    return place;
  }

  /** The name of a measure's column for this ranking. */
  public String column(String measure) {
    return measure + suffix;
  }

  /** As tables call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
