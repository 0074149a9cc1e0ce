package io.sparkcam.data.ingest;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.image.BadRecordException;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a source spells its classes. */
public final class Labels implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, Integer> classes;
  private final boolean labelled;

  private Labels(Map<String, Integer> classes, boolean labelled) {
    this.classes = new HashMap<>(classes);
    this.labelled = labelled;
  }

  /** Class c is spelled {@code words.get(c)}. */
  public static Labels of(List<String> words) {
    HashMap<String, Integer> classes = new HashMap<>();
    for (String word : words) {
      classes.put(word, classes.size());
    }
    return new Labels(classes, true);
  }

  /**
   * Numbers as labels: a class is found by its name where the data names it, else by its number.
   *
   * @param own what the data calls its classes, by number
   * @param named whether these are names, and not numbers alone
   * @param known what the model calls them, if it does
   * @param used the numbers that are labels of the data
   * @param where for messages
   */
  public static Labels ofNumbers(
      ClassNames own, boolean named, Optional<ClassNames> known, Set<String> used, String where)
      throws IOException {
    HashMap<String, Integer> classes = new HashMap<>();
    for (int number = 0; number < own.count(); number++) {
      String word = Integer.toString(number);
      int found = number;
      if (known.isPresent()) {
        found = known.get().names().indexOf(named ? own.of(number) : word);
        if (found < 0 && !named && number < known.get().count()) {
          found = number;
        }
      }
      if (found >= 0) {
        classes.put(word, found);
      } else if (used.contains(word)) {
        throw known.get().unknown(where, named ? own.of(number) : word);
      }
    }
    return new Labels(classes, true);
  }

  /** Nothing is labelled. */
  public static Labels none() {
    return new Labels(Map.of(), false);
  }

  public boolean labelled() {
    return labelled;
  }

  /**
   * The class of a record, or {@link ImageBlock#UNKNOWN} in a source without labels.
   *
   * @param word null if the record has none
   */
  public int of(String word) throws BadRecordException {
    if (!labelled) {
      return ImageBlock.UNKNOWN;
    }
    if (word == null) {
      throw new BadRecordException("no label");
    }
    Integer found = classes.get(word);
    if (found == null) {
      throw new BadRecordException(
          "label '" + word + "' is none of the " + classes.size() + " classes");
    }
    return found;
  }
}
