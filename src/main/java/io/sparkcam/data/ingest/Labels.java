package io.sparkcam.data.ingest;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.image.BadRecordException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    return of(classes);
  }

  /** Classes by how they are spelled. */
  public static Labels of(Map<String, Integer> classes) {
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
