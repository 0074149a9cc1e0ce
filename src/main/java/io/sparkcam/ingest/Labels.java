package io.sparkcam.ingest;

import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.ImageBlock;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;

/** How a source spells its classes. */
final class Labels implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, Integer> classes = new HashMap<>();
  private final boolean labelled;

  private Labels(List<String> spelled, boolean labelled) {
    for (String word : spelled) {
      classes.put(word, classes.size());
    }
    this.labelled = labelled;
  }

  /** Class c is spelled {@code words.get(c)}. */
  static Labels of(List<String> words) {
    return new Labels(words, true);
  }

  /** Classes are spelled as the numbers from 0. */
  static Labels numbered(int count) {
    return of(ClassNames.digits(count).names());
  }

  /** Nothing is labelled. */
  static Labels none() {
    return new Labels(List.of(), false);
  }

  boolean labelled() {
    return labelled;
  }

  /**
   * The class of a record, or {@link ImageBlock#UNKNOWN} in a source without labels.
   *
   * @param word null if the record has none
   */
  int of(String word) throws BadRecordException {
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
