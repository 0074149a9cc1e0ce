package io.sparkcam.data.folder;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.DataPlace.Entry;
import io.sparkcam.data.folder.FolderLayout.Section;
import io.sparkcam.data.ingest.SourceKey;
import io.sparkcam.data.ingest.TestSplit;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A directory of a part and the files in it, found by a task. */
final class ListedDirectory implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Directories may be linked into themselves. */
  private static final int DEEPEST = 32;

  /** The directory of the part, relative to the folder. */
  final String section;

  /** The class whose directory this is; null for the part's own, whose directories are classes. */
  final String label;

  private final String path;
  private final boolean deep;

  /** Image files, relative to the folder. */
  private final ArrayList<String> names = new ArrayList<>();

  /** Of each image file, in bytes. */
  private final ArrayList<Long> lengths = new ArrayList<>();

  long images;

  /** Of the images, those that a split makes test images. */
  long testImages;

  /** Of the images, those that have a label in a file of labels. */
  long labelled;

  long bytes;

  /** Files of other kinds: how many of which extension. */
  final TreeMap<String, Long> others = new TreeMap<>();

  private ListedDirectory(String section, String path, String label, boolean deep) {
    this.section = section;
    this.path = path;
    this.label = label;
    this.deep = deep;
  }

  /** The directories of a part, not yet listed. */
  static List<ListedDirectory> of(Section section) {
    List<ListedDirectory> all = new ArrayList<>();
    String own = section.directory();
    all.add(new ListedDirectory(own, own, null, !section.labelled()));
    for (String name : section.classes()) {
      all.add(new ListedDirectory(own, DataPlace.join(own, name), name, true));
    }
    return all;
  }

  /** The same without the names. */
  ListedDirectory counts() {
    ListedDirectory counts = new ListedDirectory(section, path, label, deep);
    counts.images = images;
    counts.testImages = testImages;
    counts.labelled = labelled;
    counts.bytes = bytes;
    counts.others.putAll(others);
    return counts;
  }

  /** The image files, relative to the folder. */
  List<String> names() {
    return names;
  }

  /** Their lengths. */
  List<Long> lengths() {
    return lengths;
  }

  /**
   * Lists it.
   *
   * @param labels of the files, or null
   */
  ListedDirectory list(
      DataPlace place, TestSplit split, FileLabels labels, Configuration configuration)
      throws IOException {
    Deque<String> pending = new ArrayDeque<>(List.of(path));
    while (!pending.isEmpty()) {
      String directory = pending.pop();
      for (Entry entry : place.list(directory, configuration)) {
        String name = DataPlace.join(directory, entry.name());
        if (!entry.directory()) {
          add(name, entry, split, labels);
        } else if (deep) {
          pending.push(requireShallow(place, name));
        }
      }
    }
    return this;
  }

  private void add(String name, Entry entry, TestSplit split, FileLabels labels) {
    if (!ImageFiles.isImage(entry.name())) {
      String extension = ImageFiles.extension(entry.name());
      others.merge(extension.isEmpty() ? "without extension" : "." + extension, 1L, Long::sum);
      return;
    }
    names.add(name);
    lengths.add(entry.bytes());
    images++;
    bytes += entry.bytes();
    labelled += labels != null && labels.of(name) != null ? 1 : 0;
    if (split.divides() && split.isTest(new SourceKey(name))) {
      testImages++;
    }
  }

  private static String requireShallow(DataPlace place, String name) throws IOException {
    if (name.chars().filter(c -> c == '/').count() > DEEPEST) {
      throw new IOException(
          place.resolve(name) + ": more than " + DEEPEST + " directories deep, is it a loop?");
    }
    return name;
  }
}
