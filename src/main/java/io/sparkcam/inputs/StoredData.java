package io.sparkcam.inputs;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.Part;
import io.sparkcam.data.idx.DataLocator;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.data.ingest.IngestPlace;
import io.sparkcam.data.ingest.RowFiles.WrittenFile;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.run.ListedFile;
import io.sparkcam.run.RunDirectory;
import io.sparkcam.table.RowsWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.Utils;

/**
 * The data set of a run, found and checked. What is stored of it lies in a directory until this is
 * closed: a local one where tasks run in the driver, else one beside the run.
 */
public final class StoredData implements AutoCloseable {
  private final JavaSparkContext sc;
  private final ImageSource source;
  private final RunDirectory run;
  private final Path workplace;
  private final IngestPlace place;
  private final List<IndexedImages> opened = new ArrayList<>();

  private StoredData(
      JavaSparkContext sc,
      ImageSource source,
      RunDirectory run,
      Path workplace,
      IngestPlace place) {
    this.sc = sc;
    this.source = source;
    this.run = run;
    this.workplace = workplace;
    this.place = place;
  }

  /**
   * Finds the data set that the settings name, or Fashion-MNIST where it is usually found.
   *
   * @param wanted the parts that are going to be read
   * @param known what the classes of the model are called, where a model is given that knows it
   * @param progress is told one line at a time
   */
  public static StoredData open(
      Settings settings,
      Set<Part> wanted,
      Optional<ClassNames> known,
      RunDirectory run,
      JavaSparkContext sc,
      Consumer<String> progress)
      throws IOException {
    ImageSource source =
        DataFormats.open(
            sc, locate(settings, progress), settings.dataOptions().reading(wanted, known));
    source.notes().forEach(progress);
    if (source.parts().contains(Part.VALIDATION) && !source.labelled(Part.VALIDATION)) {
      progress.accept("the validation images have no labels and are not read");
    }
    // Removed when the driver ends, however it is told to.
    File workplace = Utils.createTempDir(Utils.getLocalDir(sc.getConf()), "sparkcam-data");
    org.apache.hadoop.fs.Path chunks =
        sc.sc().isLocal()
            ? new org.apache.hadoop.fs.Path("file", null, workplace.getAbsolutePath())
            : run.chunks();
    IngestPlace place =
        new IngestPlace(
            chunks,
            run.attempts(),
            RowsWriter::create,
            sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration())));
    return new StoredData(sc, source, run, workplace.toPath(), place).require(wanted);
  }

  /** Where the data is, downloaded if that is needed. */
  public static String locate(Settings settings, Consumer<String> progress) throws IOException {
    return settings.get(Setting.DATA).isPresent()
        ? settings.get(Setting.DATA).get()
        : DataLocator.standard(progress).locate().toString();
  }

  /** Where it was found. */
  public String location() {
    return source.location();
  }

  public ClassNames classNames() {
    return source.classNames();
  }

  /**
   * The classes of each label, where images have lists of classes; empty where a label is a class.
   */
  public List<List<Integer>> labelSets() {
    return source.labelSets();
  }

  public boolean labelled(Part part) {
    return source.labelled(part);
  }

  /** Whether it has images of its own, with labels, to validate with. */
  public boolean validates() {
    return source.parts().contains(Part.VALIDATION) && source.labelled(Part.VALIDATION);
  }

  private StoredData require(Set<Part> wanted) throws IOException {
    for (Part part : wanted) {
      if (!source.parts().contains(part)) {
        close();
        throw new IOException(
            "%s: no %s images, found only %s images"
                .formatted(
                    location(),
                    part.label(),
                    source.parts().stream().map(Part::label).collect(Collectors.joining(" and "))));
      }
    }
    return this;
  }

  /** Checks the images of a part and makes the first {@code limit} readable. */
  public StoredPart store(Part part, OptionalInt limit) throws IOException {
    StoredPart stored;
    try {
      stored = source.store(part, limit.isPresent() ? limit.getAsInt() : ImageSource.ALL, place);
    } catch (Exception e) {
      throw reason(e);
    }
    for (Map.Entry<String, WrittenFile> table : stored.tables().entrySet()) {
      WrittenFile file = table.getValue();
      run.adopt(
          new org.apache.hadoop.fs.Path(file.file()),
          new ListedFile(table.getKey(), file.bytes(), file.sha256()));
    }
    return stored;
  }

  /** What a task said of the data. */
  private static IOException reason(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io == failure ? io : new IOException(io.getMessage(), failure);
      }
    }
    return new IOException(
        failure instanceof SparkException ? failure.getMessage() : failure.toString(), failure);
  }

  /** A part's images on the executors, until this is closed. */
  public IndexedImages images(StoredPart part) {
    IndexedImages images = new IndexedImages(sc, part.index());
    opened.add(images);
    return images;
  }

  /** Where tasks keep what becomes of the images, until this is closed. */
  public IngestPlace place() {
    return place;
  }

  @Override
  public void close() throws IOException {
    try {
      opened.forEach(IndexedImages::close);
      source.close();
    } finally {
      delete(workplace);
    }
  }

  public static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> innermostFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : innermostFirst) {
        Files.delete(path);
      }
    }
  }
}
