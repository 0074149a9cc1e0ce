package io.sparkcam.explain;

import io.sparkcam.data.SeededPermutation;
import java.io.Serializable;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * What to measure of the maps, and on which images.
 *
 * @param images of the whole table, their ids from 0 on; 0: faithfulness is not measured
 * @param sample how many of them have insertion and deletion curves, which ask the network {@code 2
 *     * 29} times a map; the others are only masked
 * @param seed of the sample and of the random maps
 * @param labels of images that may have several
 * @param columns that the table has beside those that all have
 */
public record FaithfulnessPlan(
    long images, long sample, long seed, LabelSets labels, Set<OptionalColumns> columns)
    implements Serializable {
  /** Nothing is measured. */
  public static final FaithfulnessPlan NONE =
      new FaithfulnessPlan(0, 0, 0, LabelSets.NONE, OptionalColumns.USUAL);

  public FaithfulnessPlan {
    columns = Set.copyOf(columns);
    if (images < 0 || sample < 0 || sample > images) {
      throw new IllegalArgumentException(
          "sample of " + sample + " of " + images + " images, expected 0 to as many as there are");
    }
  }

  /** Measures faithfulness. */
  public FaithfulnessPlan(long images, long sample, long seed) {
    this(
        images,
        sample,
        seed,
        LabelSets.NONE,
        EnumSet.of(
            OptionalColumns.FEATURES,
            OptionalColumns.CAM,
            OptionalColumns.FAITHFULNESS,
            OptionalColumns.CELL_FAITHFULNESS));
  }

  /** The same, with more columns. */
  public FaithfulnessPlan with(OptionalColumns more) {
    Set<OptionalColumns> all = EnumSet.of(more);
    all.addAll(columns);
    return new FaithfulnessPlan(images, sample, seed, labels, all);
  }

  /** The same, of images that may have several labels. */
  public FaithfulnessPlan with(LabelSets several) {
    FaithfulnessPlan plan =
        new FaithfulnessPlan(images, sample, seed, several, columns)
            .with(OptionalColumns.PREDICTED_LABELS);
    return several.sets().isEmpty() ? plan : plan.with(OptionalColumns.LABELS);
  }

  /** The same, with fewer columns. */
  public FaithfulnessPlan without(Set<OptionalColumns> leftOut) {
    Set<OptionalColumns> kept = new HashSet<>(columns);
    kept.removeAll(leftOut);
    return new FaithfulnessPlan(images, sample, seed, labels, kept);
  }

  /** Whether it measures faithfulness. */
  public boolean measures() {
    return images > 0;
  }

  /** Whether it measures what cells do. */
  public boolean measuresCells() {
    return !Collections.disjoint(
        columns, EnumSet.of(OptionalColumns.CELL_FAITHFULNESS, OptionalColumns.SHAPLEY));
  }

  /**
   * All images in an order that seed and number alone decide: the sample are the first, whoever
   * explains them.
   */
  SeededPermutation order() {
    return new SeededPermutation(images, seed, 0);
  }
}
