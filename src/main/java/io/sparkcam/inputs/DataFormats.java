package io.sparkcam.inputs;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.folder.FolderFormat;
import io.sparkcam.data.idx.IdxFormat;
import io.sparkcam.data.ingest.DataFormat;
import io.sparkcam.data.ingest.DataFormat.StoredImage;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.table.TableFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** The formats of data sets: whoever adds one adds it here. */
public final class DataFormats {
  /** The first one that knows a place reads it. */
  private static final List<DataFormat> ALL =
      List.of(new IdxFormat(), new TableFormat(), new FolderFormat());

  private static final int SHOWN = 8;
  private static final int LOOKED_INTO = 100;

  private DataFormats() {}

  /** Opens the data set at a place. */
  public static ImageSource open(JavaSparkContext sc, String location, DataOptions options)
      throws IOException {
    if (location.matches("(?i)https?:.*")) {
      throw new IOException(location + ": data is not read over HTTP: download it first");
    }
    try {
      DataPlace.of(location).find("", sc.hadoopConfiguration());
    } catch (IOException e) {
      throw new IOException(location + ": " + e.getMessage(), e);
    }
    for (DataFormat format : ALL) {
      boolean asked = options.labelsFile().isEmpty() || format.takesLabelsFile();
      Optional<ImageSource> source = asked ? format.open(sc, location, options) : Optional.empty();
      if (source.isPresent()) {
        return source.get();
      }
    }
    String labels = options.labelsFile().isEmpty() ? "" : " with --labels-file";
    throw new IOException(
        "%s: %s; expected%s image files in train/CLASS and test/CLASS or in CLASS%s"
            .formatted(
                location,
                found(location, sc.hadoopConfiguration()),
                labels,
                labels.isEmpty() ? ", or Parquet files" : ""));
  }

  /** A single image, as a run's table of sources names it. */
  public static StoredImage stored(
      String location, String source, DataOptions options, Configuration configuration)
      throws IOException {
    DataPlace place = DataPlace.of(location);
    for (DataFormat format : ALL) {
      Optional<StoredImage> image = format.stored(place, source, options, configuration);
      if (image.isPresent()) {
        return image.get();
      }
    }
    throw new IOException(place.resolve(source) + ": of no known format");
  }

  /** In words: {@code found 3 .csv in 2 directories (a, b)}. */
  private static String found(String location, Configuration configuration) throws IOException {
    DataPlace place = DataPlace.of(location);
    Optional<DataPlace.Entry> itself = place.find("", configuration);
    if (itself.isEmpty()) {
      return "no such file or directory";
    }
    if (!itself.get().directory()) {
      return "a file that is no Parquet";
    }
    List<String> directories = new ArrayList<>(List.of(""));
    List<String> holding = new ArrayList<>();
    Map<String, Integer> files = new TreeMap<>();
    for (int i = 0; i < Math.min(LOOKED_INTO, directories.size()); i++) {
      String directory = directories.get(i);
      for (DataPlace.Entry entry : place.list(directory, configuration)) {
        if (entry.directory()) {
          directories.add(DataPlace.join(directory, entry.name()));
          continue;
        }
        int dot = entry.name().lastIndexOf('.');
        String kind = dot < 0 ? "without extension" : entry.name().substring(dot);
        files.merge(kind, 1, Integer::sum);
        if (!directory.isEmpty() && !holding.contains(directory)) {
          holding.add(directory);
        }
      }
    }
    String kinds =
        files.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(SHOWN)
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", "));
    List<String> named = files.isEmpty() ? directories.subList(1, directories.size()) : holding;
    String found = kinds.isEmpty() ? "found no files" : "found " + kinds;
    return named.isEmpty()
        ? found
        : "%s in %s %s (%s%s)"
            .formatted(
                found,
                named.size(),
                named.size() == 1 ? "directory" : "directories",
                String.join(", ", named.subList(0, Math.min(SHOWN, named.size()))),
                named.size() > SHOWN ? ", ..." : "");
  }
}
