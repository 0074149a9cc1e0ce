package io.sparkcam.view.picture;

/**
 * Which colormap a map is drawn in, by the probability of the prediction.
 *
 * @param threshold a probability
 * @param above for probabilities above the threshold
 * @param otherwise for the threshold itself and probabilities below it
 */
public record Tint(double threshold, Colormap above, Colormap otherwise) {
  /** Green above 0.95, red otherwise. */
  public static final Tint BY_CONFIDENCE = new Tint(0.95, Colormap.GREENS, Colormap.REDS);

  /** Checks the threshold. */
  public Tint {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold " + threshold + ", expected 0 to 1");
    }
  }

  /** The same colormap whatever the probability. */
  public static Tint always(Colormap colormap) {
    return new Tint(1, colormap, colormap);
  }

  /** The colormap for a prediction of that probability. */
  public Colormap colormap(float probability) {
    return probability > threshold ? above : otherwise;
  }

  /** Whether the colormap says something about the probability. */
  boolean tells() {
    return above != otherwise;
  }

  /** For a legend: {@code green: probability above 0.95, red: 0.95 or below}. */
  public String meaning() {
    return above.hue()
        + ": probability above "
        + threshold
        + ", "
        + otherwise.hue()
        + ": "
        + threshold
        + " or below";
  }
}
