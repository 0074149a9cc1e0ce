package io.sparkcam.data.folder;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.DataPlace.Entry;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.PartName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * Which directories of a folder are parts and which are classes:
 *
 * <ul>
 *   <li>{@code train/CLASS/}, {@code test/CLASS/}, {@code val/CLASS/}, as {@link PartName} spells
 *       them; a part that holds no directories has no labels
 *   <li>{@code CLASS/}, without parts
 *   <li>images alone
 *   <li>one of these within one more directory
 * </ul>
 *
 * @param parts by part; the whole folder under {@link Part#TEST} where it has no parts
 * @param parted whether it has parts
 */
record FolderLayout(Map<Part, Section> parts, boolean parted) {
  private static final int DEEPEST = 3;

  /**
   * Where the images of a part are.
   *
   * @param directory relative to the folder; empty for the folder itself
   * @param classes its directories, one a class, sorted; empty where it has no labels
   */
  record Section(String directory, List<String> classes) {
    Section {
      classes = List.copyOf(classes);
    }

    boolean labelled() {
      return !classes.isEmpty();
    }
  }

  /** The layout of a folder, if there are any images in it. */
  static Optional<FolderLayout> of(DataPlace place, Configuration configuration)
      throws IOException {
    return new Search(place, configuration).at("", 0);
  }

  private record Search(DataPlace place, Configuration configuration) {
    Optional<FolderLayout> at(String directory, int depth) throws IOException {
      List<Entry> entries = place.list(directory, configuration);
      List<String> directories = directories(entries);
      Map<Part, Section> parts = parts(directory, directories);
      if (!parts.isEmpty()) {
        return Optional.of(new FolderLayout(parts, true));
      }
      Optional<FolderLayout> inner = Optional.empty();
      boolean loose = holdsImages(entries);
      if (!loose && directories.size() == 1 && depth < DEEPEST) {
        String only = DataPlace.join(directory, directories.get(0));
        List<Entry> below = place.list(only, configuration);
        // A directory of several is an archive's own name, one of images is a class.
        if ((!holdsImages(below) && directories(below).size() > 1) || wrapsParts(below)) {
          inner = at(only, depth + 1);
        }
      }
      return inner.isPresent() ? inner : whole(directory, directories, loose);
    }

    private boolean wrapsParts(List<Entry> entries) {
      return directories(entries).stream().anyMatch(n -> PartName.ofDirectory(n).isPresent());
    }

    private Optional<FolderLayout> whole(String directory, List<String> directories, boolean loose)
        throws IOException {
      int classes = 0;
      boolean anywhere = loose;
      for (String name : directories) {
        String below = DataPlace.join(directory, name);
        List<Entry> entries = place.list(below, configuration);
        classes += holdsImages(entries) ? 1 : 0;
        anywhere |= holdsImages(entries) || holdsImagesBelow(below, entries);
      }
      if (!anywhere) {
        return Optional.empty();
      }
      // Beside loose images a single directory is more likely a place than a class.
      boolean labelled = !directories.isEmpty() && (!loose || classes > 1);
      Section all = new Section(directory, labelled ? directories : List.of());
      return Optional.of(new FolderLayout(Map.of(Part.TEST, all), false));
    }

    private Map<Part, Section> parts(String directory, List<String> directories)
        throws IOException {
      Map<Part, Section> parts = new EnumMap<>(Part.class);
      boolean classesInParts = false;
      boolean classesBeside = false;
      for (String name : directories) {
        String below = DataPlace.join(directory, name);
        List<Entry> entries = place.list(below, configuration);
        Optional<Part> part = PartName.ofDirectory(name);
        if (part.isEmpty()) {
          classesBeside |= holdsImages(entries);
        } else if (holdsImages(entries) || holdsImagesBelow(below, entries)) {
          Section before = parts.put(part.get(), new Section(below, directories(entries)));
          if (before != null) {
            throw new IOException(
                "%s: both %s and %s are %s images, expected one directory"
                    .formatted(place, before.directory(), below, part.get().label()));
          }
          classesInParts |= !directories(entries).isEmpty();
        }
      }
      // Beside classes, a directory named train that holds no classes is one itself.
      return classesBeside && !classesInParts ? Map.of() : parts;
    }

    private boolean holdsImagesBelow(String directory, List<Entry> entries) throws IOException {
      for (String name : directories(entries)) {
        if (holdsImages(place.list(DataPlace.join(directory, name), configuration))) {
          return true;
        }
      }
      return false;
    }
  }

  private static List<String> directories(List<Entry> entries) {
    return new ArrayList<>(
        new TreeSet<>(entries.stream().filter(Entry::directory).map(Entry::name).toList()));
  }

  private static boolean holdsImages(List<Entry> entries) {
    return entries.stream().anyMatch(e -> !e.directory() && ImageFiles.isImage(e.name()));
  }
}
