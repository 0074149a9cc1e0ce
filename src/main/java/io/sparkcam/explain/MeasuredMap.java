package io.sparkcam.explain;

/** The maps whose faithfulness a table has: the one it explains with, and its controls. */
public enum MeasuredMap implements Measured {
  /** The predicted class's map, aligned with what the network saw. */
  CAM(0),
  /** Its cells in random places. */
  RANDOM(1),
  /** A Gaussian about the middle of the image. */
  CENTRED(2);

  private final int place;

  MeasuredMap(int place) {
    this.place = place;
  }

  @Override
  public int place() {
    return place;
  }
}
