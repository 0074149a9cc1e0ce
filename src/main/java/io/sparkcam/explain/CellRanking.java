package io.sparkcam.explain;

/** By what cells are ranked when they are inserted or deleted, the strongest first. */
public enum CellRanking implements Measured {
  /** The predicted class's map. */
  CAM(0),
  /** Shapley values of the predicted class's probability. */
  SHAPLEY(1),
  /** The map's cells in random places. */
  RANDOM(2),
  /** A Gaussian about the middle of the map. */
  CENTRED(3);

  private final int place;

  CellRanking(int place) {
    this.place = place;
  }

  @Override
  public int place() {
    return place;
  }
}
