package io.sparkcam.explain;

import io.sparkcam.data.SeededPermutation;
import java.io.Serializable;

/**
 * Whether to measure how faithful the maps are, and on which images.
 *
 * @param images of the whole table, their ids from 0 on; 0: nothing is measured
 * @param sample how many of them have insertion and deletion curves, which ask the network {@code 2
 *     * 29} times a map; the others are only masked
 * @param seed of the sample and of the random maps
 */
public record FaithfulnessPlan(long images, long sample, long seed) implements Serializable {
  /** Nothing is measured. */
  public static final FaithfulnessPlan NONE = new FaithfulnessPlan(0, 0, 0);

  public FaithfulnessPlan {
    if (images < 0 || sample < 0 || sample > images) {
      throw new IllegalArgumentException(
          "sample of " + sample + " of " + images + " images, expected 0 to as many as there are");
    }
  }

  /** Whether it measures anything. */
  public boolean measures() {
    return images > 0;
  }

  /**
   * All images in an order that seed and number alone decide: the sample are the first, whoever
   * explains them.
   */
  SeededPermutation order() {
    return new SeededPermutation(images, seed, 0);
  }
}
