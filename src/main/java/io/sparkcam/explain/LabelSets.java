package io.sparkcam.explain;

import java.io.Serializable;
import java.util.List;

/**
 * How classes are told to be there, where several may be.
 *
 * @param threshold above which a probability says so
 * @param sets the classes of each label, ascending; empty where a label is one class
 */
public record LabelSets(double threshold, List<List<Integer>> sets) implements Serializable {
  /** One class an image. */
  static final LabelSets NONE = new LabelSets(0, List.of());

  public LabelSets {
    sets = List.copyOf(sets);
  }

  int[] of(int label) {
    return sets.get(label).stream().mapToInt(Integer::intValue).toArray();
  }
}
