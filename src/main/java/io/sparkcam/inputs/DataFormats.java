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
    for (DataFormat format : ALL) {
      Optional<ImageSource> source = format.open(sc, location, options);
      if (source.isPresent()) {
        return source.get();
      }
    }
    throw new IOException(
        "%s: %s; expected image files in train/CLASS and test/CLASS or in CLASS, or Parquet files"
            .formatted(location, found(location, sc.hadoopConfiguration())));
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
    if (place.find("", configuration).isEmpty()) {
      return "no such file or directory";
    }
    List<String> directories = new ArrayList<>();
    Map<String, Integer> files = new TreeMap<>();
    count(place.list("", configuration), directories, files);
    for (String directory : directories.subList(0, Math.min(LOOKED_INTO, directories.size()))) {
      count(place.list(directory, configuration), new ArrayList<>(), files);
    }
    String kinds =
        files.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(SHOWN)
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", "));
    if (directories.isEmpty()) {
      return kinds.isEmpty() ? "found nothing" : "found " + kinds;
    }
    String names = String.join(", ", directories.subList(0, Math.min(SHOWN, directories.size())));
    return "found %s in %s %s (%s%s)"
        .formatted(
            kinds.isEmpty() ? "no files" : kinds,
            directories.size(),
            directories.size() == 1 ? "directory" : "directories",
            names,
            directories.size() > SHOWN ? ", ..." : "");
  }

  private static void count(
      List<DataPlace.Entry> entries, List<String> directories, Map<String, Integer> files) {
    for (DataPlace.Entry entry : entries) {
      if (entry.directory()) {
        directories.add(entry.name());
      } else {
        int dot = entry.name().lastIndexOf('.');
        files.merge(dot < 0 ? "without extension" : entry.name().substring(dot), 1, Integer::sum);
      }
    }
  }
}
