package io.sparkcam.data.idx;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.DataPlace.Entry;
import io.sparkcam.data.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of MNIST and its relatives: {@code train-images-idx3-ubyte}, {@code
 * t10k-labels.idx1-ubyte.gz}, {@code emnist-letters-test-images-idx3-ubyte}, in the directory or in
 * those within it, such as {@code MNIST/raw}.
 *
 * @param parts by part; at least one
 * @param directory that they are in, relative to the data set
 */
record IdxLayout(Map<Part, Pair> parts, String directory) {
  private static final Pattern FILE =
      Pattern.compile(
          "(.*?)(train|t10k|test)[-_.](images|labels)[-_.]idx\\d[-_.](ubyte|int)(\\.gz)?",
          Pattern.CASE_INSENSITIVE);
  private static final int DEEPEST = 2;
  private static final int MOST_DIRECTORIES = 32;
  private static final int SHOWN = 10;

  /**
   * The files of a part, relative to the data set.
   *
   * @param images of (image, row, column) or (image, row, column, channel)
   * @param labels of (label); empty where images are there alone
   */
  record Pair(String images, Optional<String> labels) {}

  /** The files of labels. */
  List<String> labels() {
    return parts.values().stream().flatMap(pair -> pair.labels().stream()).toList();
  }

  /** The layout of a directory, if there are any such files. */
  static Optional<IdxLayout> of(DataPlace place, Configuration configuration) throws IOException {
    return at(place, "", 0, configuration);
  }

  private static Optional<IdxLayout> at(
      DataPlace place, String directory, int depth, Configuration configuration)
      throws IOException {
    List<Entry> entries = place.list(directory, configuration);
    // By the name of the set, then by part and content.
    Map<String, Map<String, String>> sets = new TreeMap<>();
    for (Entry entry : entries) {
      Matcher file = FILE.matcher(entry.name());
      if (!entry.directory() && file.matches()) {
        boolean train = file.group(2).equalsIgnoreCase("train");
        String kind = (train ? "train" : "t10k") + "-" + file.group(3).toLowerCase(Locale.ROOT);
        // Sorted: the plain file comes before the one that ends in .gz.
        sets.computeIfAbsent(file.group(1), set -> new TreeMap<>())
            .putIfAbsent(kind, DataPlace.join(directory, entry.name()));
      }
    }
    if (sets.size() > 1) {
      throw new IOException(
          "%s: %s data sets (%s), expected the files of one"
              .formatted(place.resolve(directory), sets.size(), String.join(", ", sets.keySet())));
    }
    if (sets.size() == 1) {
      return Optional.of(
          new IdxLayout(
              pairs(place, directory, sets.values().iterator().next(), configuration), directory));
    }
    List<Entry> directories = entries.stream().filter(Entry::directory).toList();
    if (depth < DEEPEST && directories.size() <= MOST_DIRECTORIES) {
      for (Entry entry : directories) {
        Optional<IdxLayout> below =
            at(place, DataPlace.join(directory, entry.name()), depth + 1, configuration);
        if (below.isPresent()) {
          return below;
        }
      }
    }
    return Optional.empty();
  }

  private static Map<Part, Pair> pairs(
      DataPlace place, String directory, Map<String, String> files, Configuration configuration)
      throws IOException {
    Map<Part, Pair> parts = new EnumMap<>(Part.class);
    for (Part part : List.of(Part.TRAIN, Part.TEST)) {
      String name = part == Part.TRAIN ? "train" : "t10k";
      String images = files.get(name + "-images");
      String labels = files.get(name + "-labels");
      if (images != null) {
        parts.put(part, new Pair(images, Optional.ofNullable(labels)));
      } else if (labels != null) {
        throw missing(place, directory, name + "-images-idx3-ubyte", configuration);
      }
    }
    return parts;
  }

  /** That a file is not there, and what is. */
  static IOException missing(
      DataPlace place, String directory, String file, Configuration configuration)
      throws IOException {
    return new IOException(
        "%s: %s[.gz] is missing; found %s"
            .formatted(
                place.resolve(directory), file, listing(place.list(directory, configuration))));
  }

  private static String listing(List<Entry> entries) {
    List<String> names = new ArrayList<>(entries.stream().map(Entry::name).toList());
    String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
  }
}
