package io.sparkcam.data.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Lists of labels, where an image may have several, as words: in any order they are the same. */
final class LabelLists {
  private static final String BETWEEN = "\n";

  private LabelLists() {}

  static String word(List<String> labels) {
    List<String> sorted = new ArrayList<>(labels);
    Collections.sort(sorted);
    return String.join(BETWEEN, sorted);
  }

  static List<String> labels(String word) {
    return word.isEmpty() ? List.of() : List.of(word.split(BETWEEN));
  }

  /**
   * All labels of such words.
   *
   * @throws IllegalArgumentException if one has a label twice, as lists of 0 and 1 have
   */
  static SortedSet<String> all(Collection<String> words) {
    SortedSet<String> all = new TreeSet<>();
    for (String word : words) {
      List<String> labels = labels(word);
      if (new HashSet<>(labels).size() < labels.size()) {
        throw new IllegalArgumentException(
            "label list %s has one twice, expected the classes of an image, no 0 or 1 for each class"
                .formatted(labels));
      }
      all.addAll(labels);
    }
    return all;
  }
}
