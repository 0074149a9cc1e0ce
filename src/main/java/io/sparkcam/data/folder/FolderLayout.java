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
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Which directories of a folder are parts and which are classes:
 *
 * <ul>
 *   <li>{@code train/CLASS/}, {@code test/CLASS/}, {@code val/CLASS/}, as {@link PartName} spells
 *       them; a part that holds no directories has no labels
 *   <li>{@code CLASS/}, without parts
 *   <li>images alone
 *   <li>one of these within other directories, each the only one that has images
 * </ul>
 *
 * @param parts by part; the whole folder under {@link Part#TEST} where it has no parts
 * @param parted whether it has parts
 * @param unread directories beside those of parts
 */
record FolderLayout(Map<Part, Section> parts, boolean parted, List<String> unread) {
  private static final int DEEPEST = 8;

  private static final Pattern NO_CLASS =
      Pattern.compile(
          "images?|imgs?|photos|pictures|data|unknown|unlabell?ed", Pattern.CASE_INSENSITIVE);

  /** Among more directories none is an archive's own name: they are classes. */
  private static final int MOST_BESIDE = 8;

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
        List<String> unread = new ArrayList<>(directories);
        unread.removeAll(PartName.ofDirectories(directories).keySet());
        return Optional.of(new FolderLayout(parts, true, unread));
      }
      boolean loose = holdsImages(entries);
      if (!loose && depth < DEEPEST) {
        Optional<String> wrapper = wrapper(directory, directories);
        if (wrapper.isPresent()) {
          return at(wrapper.get(), depth + 1);
        }
      }
      return whole(directory, directories, loose);
    }

    /** The one directory that has images, where they lie in directories of its own. */
    private Optional<String> wrapper(String directory, List<String> directories)
        throws IOException {
      List<String> filled = new ArrayList<>();
      if (directories.size() <= MOST_BESIDE) {
        for (String name : directories) {
          String below = DataPlace.join(directory, name);
          if (imagesIn(below, 0)) {
            filled.add(below);
          }
        }
      }
      if (filled.size() != 1) {
        return Optional.empty();
      }
      List<Entry> entries = place.list(filled.get(0), configuration);
      boolean wraps =
          !holdsImages(entries) || !PartName.ofDirectories(directories(entries)).isEmpty();
      return wraps ? Optional.of(filled.get(0)) : Optional.empty();
    }

    private Optional<FolderLayout> whole(String directory, List<String> directories, boolean loose)
        throws IOException {
      int classes = 0;
      boolean anywhere = loose;
      for (String name : directories) {
        String below = DataPlace.join(directory, name);
        boolean images = holdsImages(place.list(below, configuration));
        classes += images ? 1 : 0;
        anywhere = anywhere || images || imagesIn(below, 0);
      }
      if (!anywhere) {
        return Optional.empty();
      }
      // Beside loose images a single directory is more likely a place than a class.
      boolean labelled = !directories.isEmpty() && (!loose || classes > 1);
      Section all = new Section(directory, labelled ? directories : List.of());
      return Optional.of(new FolderLayout(Map.of(Part.TEST, all), false, List.of()));
    }

    private Map<Part, Section> parts(String directory, List<String> directories)
        throws IOException {
      Map<Part, Section> parts = new EnumMap<>(Part.class);
      boolean classesInParts = false;
      boolean classesBeside = false;
      Map<String, Part> named = PartName.ofDirectories(directories);
      for (String name : directories) {
        String below = DataPlace.join(directory, name);
        Part part = named.get(name);
        if (part == null) {
          classesBeside = classesBeside || holdsImages(place.list(below, configuration));
        } else if (imagesIn(below, 0)) {
          Section section = section(below, part);
          Section before = parts.put(part, section);
          if (before != null) {
            throw new IOException(
                "%s: both %s and %s are %s images, expected one directory"
                    .formatted(place, before.directory(), below, part.label()));
          }
          classesInParts |= section.labelled();
        }
      }
      // Beside classes, a directory named train that holds no classes is one itself.
      return classesBeside && !classesInParts ? Map.of() : parts;
    }

    /**
     * A part, which some archives hold in a directory of the same name, or in one such as {@code
     * images}.
     */
    private Section section(String directory, Part part) throws IOException {
      List<Entry> entries = place.list(directory, configuration);
      List<String> directories = directories(entries);
      boolean again = false;
      if (directories.size() == 1 && !holdsImages(entries)) {
        String only = directories.get(0);
        again =
            directory.substring(directory.lastIndexOf('/') + 1).equals(only)
                || PartName.ofDirectory(only).equals(Optional.of(part))
                || (NO_CLASS.matcher(only).matches()
                    && (part != Part.TRAIN || holdsClasses(DataPlace.join(directory, only))));
      }
      return again
          ? section(DataPlace.join(directory, directories.get(0)), part)
          : new Section(directory, directories);
    }

    private boolean holdsClasses(String directory) throws IOException {
      List<Entry> entries = place.list(directory, configuration);
      return !directories(entries).isEmpty() && !holdsImages(entries);
    }

    private boolean imagesIn(String directory, int depth) throws IOException {
      List<Entry> entries = place.list(directory, configuration);
      boolean found = holdsImages(entries);
      for (String name : depth < DEEPEST ? directories(entries) : List.<String>of()) {
        found = found || imagesIn(DataPlace.join(directory, name), depth + 1);
      }
      return found;
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
