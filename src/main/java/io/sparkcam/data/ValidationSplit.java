package io.sparkcam.data;

/**
 * Holds out the last part of the training images, unshuffled, as Keras does: the first {@code
 * floor(images * (1 - fraction))}, in double arithmetic, are trained on.
 *
 * @param fraction held out, 0 (none) to below 1
 */
public record ValidationSplit(long images, double fraction) {
  public ValidationSplit {
    if (images < 1) {
      throw new IllegalArgumentException(images + " images, expected at least 1");
    }
    if (!(fraction >= 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "validation split " + fraction + ", expected 0 to below 1");
    }
    long training = trainingCount(images, fraction);
    if (training == 0 || (fraction > 0 && training == images)) {
      throw new IllegalArgumentException(
          "validation split %s of %s images leaves %s for training and %s for validation, expected at least 1 each"
              .formatted(fraction, images, training, images - training));
    }
  }

  /** Images 0 to this - 1 are trained on. */
  public long trainingCount() {
    return trainingCount(images, fraction);
  }

  /** The last so many images are held out. */
  public long validationCount() {
    return images - trainingCount();
  }

  private static long trainingCount(long images, double fraction) {
    return (long) Math.floor(images * (1 - fraction));
  }
}
