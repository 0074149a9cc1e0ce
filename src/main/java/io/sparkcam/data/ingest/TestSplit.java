package io.sparkcam.data.ingest;

import io.sparkcam.data.Part;
import java.io.Serializable;

/**
 * Divides sources into training and test images by the SHA-256 of their names, so that a source
 * stays where it is when others come or go. The bits are others than those that order ids.
 */
public final class TestSplit implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Divides nothing: each source is of the part that it lies in. */
  public static final TestSplit NONE = new TestSplit(0);

  private final double fraction;

  /**
   * @param fraction of the sources that are test images, 0 to below 1
   */
  public TestSplit(double fraction) {
    this.fraction = fraction;
  }

  /** Whether TRAIN and TEST are made from the same sources. */
  public boolean divides() {
    return fraction > 0;
  }

  /** In words. */
  public String words() {
    return "the data has no test images: "
        + fraction
        + " of its images, chosen by the hash of their names, are the test images (--test-split)";
  }

  public boolean isTest(SourceKey key) {
    return key.share() < fraction;
  }

  /** Whether a source that lies where a part is read from belongs to it. */
  public boolean holds(Part part, SourceKey key) {
    return !divides() || part == Part.VALIDATION || isTest(key) == (part == Part.TEST);
  }
}
