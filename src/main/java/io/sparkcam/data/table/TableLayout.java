package io.sparkcam.data.table;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.DataPlace.Entry;
import io.sparkcam.data.Part;
import io.sparkcam.data.ingest.PartName;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * Which Parquet files of a directory are which part:
 *
 * <ul>
 *   <li>{@code train*.parquet}, or the files in {@code train/} or {@code train.parquet/}, and so on
 *       for the parts that {@link PartName} knows
 *   <li>files of other names are all of the data where no file has such a name
 *   <li>one of these within {@code data/} or another directory
 * </ul>
 *
 * Directories such as {@code label=3/} hold rows with that value.
 *
 * @param parts by part; all files under {@link Part#TEST} where they have no parts
 * @param parted whether they have
 * @param unread Parquet files beside those of parts
 */
record TableLayout(Map<Part, List<TableFile>> parts, boolean parted, List<String> unread) {
  private static final Pattern TABLE =
      Pattern.compile("(.*)\\.(parquet|parq|pq)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PARTITION = Pattern.compile("([^=]+)=(.*)");
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";
  private static final int DEEPEST = 3;

  /** More directories than that are classes of images, not places of tables. */
  private static final int MOST_DIRECTORIES = 32;

  /** Whether a file is a table, by its name. */
  static boolean isTable(String name) {
    return TABLE.matcher(name).matches();
  }

  /** The layout of a directory, if there are any tables in it. */
  static Optional<TableLayout> of(DataPlace place, Configuration configuration) throws IOException {
    return new Search(place, configuration).at("", 0);
  }

  /** Of a single file. */
  static TableLayout ofFile(String name) {
    return new TableLayout(
        Map.of(Part.TEST, List.of(new TableFile(name, Map.of()))), false, List.of());
  }

  private static String stem(String name) {
    Matcher table = TABLE.matcher(name);
    return table.matches() ? table.group(1) : name;
  }

  private record Search(DataPlace place, Configuration configuration) {
    Optional<TableLayout> at(String directory, int depth) throws IOException {
      List<Entry> entries = place.list(directory, configuration);
      Map<Part, List<TableFile>> parts = new EnumMap<>(Part.class);
      List<String> others = new ArrayList<>();
      Map<String, Part> directories = PartName.ofDirectories(stems(entries, true));
      Map<String, Part> tables = PartName.ofFiles(stems(entries, false));
      for (Entry entry : entries) {
        String path = DataPlace.join(directory, entry.name());
        Part part = (entry.directory() ? directories : tables).get(stem(entry.name()));
        if (entry.directory() && part != null) {
          add(parts, part, files(path, Map.of()));
        } else if (part != null) {
          add(parts, part, List.of(new TableFile(path, Map.of())));
        } else if (!entry.directory() && isTable(entry.name())) {
          others.add(path);
        }
      }
      if (!parts.isEmpty()) {
        return Optional.of(new TableLayout(parts, true, others));
      }
      List<TableFile> all = files(directory, Map.of());
      if (!all.isEmpty()) {
        Optional<TableLayout> partitioned = byPartition(all);
        if (partitioned.isPresent()) {
          return partitioned;
        }
        return Optional.of(new TableLayout(Map.of(Part.TEST, all), false, List.of()));
      }
      return depth < DEEPEST ? below(directory, entries, depth) : Optional.empty();
    }

    private static List<String> stems(List<Entry> entries, boolean directories) {
      return entries.stream()
          .filter(e -> directories ? e.directory() : !e.directory() && isTable(e.name()))
          .map(entry -> stem(entry.name()))
          .toList();
    }

    /** Where partitions such as {@code split=train/} are parts. */
    private static Optional<TableLayout> byPartition(List<TableFile> files) {
      for (String column : files.get(0).partition().keySet()) {
        Map<Part, List<TableFile>> parts = new EnumMap<>(Part.class);
        for (TableFile file : files) {
          PartName.ofDirectory(String.valueOf(file.partition().get(column)))
              .ifPresent(part -> add(parts, part, List.of(file)));
        }
        if (parts.values().stream().mapToInt(List::size).sum() == files.size()) {
          return Optional.of(new TableLayout(parts, true, List.of()));
        }
      }
      return Optional.empty();
    }

    private static void add(Map<Part, List<TableFile>> parts, Part part, List<TableFile> files) {
      if (!files.isEmpty()) {
        parts.computeIfAbsent(part, p -> new ArrayList<>()).addAll(files);
      }
    }

    private Optional<TableLayout> below(String directory, List<Entry> entries, int depth)
        throws IOException {
      List<Entry> directories = entries.stream().filter(Entry::directory).toList();
      Map<String, TableLayout> found = new TreeMap<>();
      if (directories.size() <= MOST_DIRECTORIES) {
        for (Entry entry : directories) {
          String path = DataPlace.join(directory, entry.name());
          at(path, depth + 1).ifPresent(layout -> found.put(path, layout));
        }
      }
      if (found.size() > 1) {
        throw new IOException(
            "%s: tables in %s: name one of these directories with --data"
                .formatted(place, String.join(", ", found.keySet())));
      }
      return found.values().stream().findFirst();
    }

    /** Iceberg's and Hudi's tables keep files that are not theirs any more, as Delta's do. */
    private void requirePlain(String directory) throws IOException {
      String log = DataPlace.join(directory, "metadata");
      boolean iceberg =
          place.find(log, configuration).filter(Entry::directory).isPresent()
              && place.list(log, configuration).stream()
                  .anyMatch(entry -> entry.name().endsWith(".metadata.json"));
      if (iceberg || place.find(DataPlace.join(directory, ".hoodie"), configuration).isPresent()) {
        throw new IOException(
            "%s: %s table, whose log is not read: write it as plain Parquet first"
                .formatted(place.resolve(directory), iceberg ? "an Iceberg" : "a Hudi"));
      }
    }

    /** The files of a directory that is one table. */
    private List<TableFile> files(String directory, Map<String, String> partition)
        throws IOException {
      if (place.find(DataPlace.join(directory, DeltaLog.DIRECTORY), configuration).isPresent()) {
        return DeltaLog.files(place, directory, configuration);
      }
      requirePlain(directory);
      List<TableFile> files = new ArrayList<>();
      for (Entry entry : place.list(directory, configuration)) {
        String path = DataPlace.join(directory, entry.name());
        Matcher value = PARTITION.matcher(entry.name());
        if (!entry.directory() && isTable(entry.name())) {
          files.add(new TableFile(path, partition));
        } else if (entry.directory() && value.matches()) {
          Map<String, String> inner = new HashMap<>(partition);
          String text =
              URLDecoder.decode(value.group(2).replace("+", "%2B"), StandardCharsets.UTF_8);
          inner.put(value.group(1), text.equals(NULL) ? null : text);
          files.addAll(files(path, inner));
        }
      }
      return files;
    }
  }
}
