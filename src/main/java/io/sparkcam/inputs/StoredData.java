package io.sparkcam.inputs;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageSource;
import io.sparkcam.data.StoredPart;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.DataLocator;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.Part;
import io.sparkcam.ingest.IdxImages;
import io.sparkcam.ingest.Ingested;
import io.sparkcam.run.RunDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils;

/**
 * The data set of a run, found and checked. What is stored of it lies in a directory until this is
 * closed: a local one where tasks run in the driver, else one beside the run.
 */
public final class StoredData implements AutoCloseable {
  private final JavaSparkContext sc;
  private final ImageSource source;
  private final Path workplace;
  private final org.apache.hadoop.fs.Path chunks;
  private final List<IndexedImages> opened = new ArrayList<>();

  private StoredData(
      JavaSparkContext sc, ImageSource source, Path workplace, org.apache.hadoop.fs.Path chunks) {
    this.sc = sc;
    this.source = source;
    this.workplace = workplace;
    this.chunks = chunks;
  }

  /** Finds the data set that the settings name, or Fashion-MNIST where it is usually found. */
  public static StoredData open(
      Settings settings, RunDirectory run, SparkSession spark, Consumer<String> progress)
      throws IOException {
    JavaSparkContext sc = new JavaSparkContext(spark.sparkContext());
    // Removed when the driver ends, however it is told to.
    File workplace = Utils.createTempDir(scratch(sc), "sparkcam-data");
    try {
      ImageSource source = find(settings, spark, sc, workplace.toPath(), progress);
      org.apache.hadoop.fs.Path chunks =
          sc.sc().isLocal()
              ? new org.apache.hadoop.fs.Path("file", null, workplace.getAbsolutePath())
              : run.chunks();
      return new StoredData(sc, source, workplace.toPath(), chunks);
    } catch (IOException | RuntimeException e) {
      delete(workplace.toPath());
      throw e;
    }
  }

  /** Spark's own local directory. */
  private static String scratch(JavaSparkContext sc) {
    return Utils.getLocalDir(sc.getConf());
  }

  private static ImageSource find(
      Settings settings,
      SparkSession spark,
      JavaSparkContext sc,
      Path workplace,
      Consumer<String> progress)
      throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    if (settings.data().isPresent() && !namesIdx(settings.data().get(), hadoop)) {
      Optional<Ingested> found =
          Ingested.at(
              spark,
              settings.data().get(),
              settings.tableOptions(),
              settings.badRecords(),
              workplace);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return new IdxImages(sc, locate(settings, hadoop, progress));
  }

  private static boolean namesIdx(String location, Configuration hadoop) throws IOException {
    org.apache.hadoop.fs.Path root = DataDirectory.qualified(location, hadoop);
    FileSystem files = root.getFileSystem(hadoop);
    return files.exists(root)
        && files.getFileStatus(root).isDirectory()
        && IdxDataSet.isIn(DataDirectory.of(location, hadoop));
  }

  /** Finds it, downloading it if that is needed. */
  public static IdxDataSet locate(
      Settings settings, Configuration hadoop, Consumer<String> progress) throws IOException {
    return settings.data().isPresent()
        ? IdxDataSet.in(DataDirectory.of(settings.data().get(), hadoop))
        : DataLocator.standard(progress).locate();
  }

  /** Where it was found. */
  public String location() {
    return source.location();
  }

  public ClassNames classNames() {
    return source.classNames();
  }

  public boolean labelled() {
    return source.labelled();
  }

  /** Refuses a data set that lacks one of these parts. */
  public StoredData require(Part... parts) throws IOException {
    for (Part part : parts) {
      if (!source.parts().contains(part)) {
        throw new IOException(
            "%s: found no %s images, only %s images"
                .formatted(location(), part.label(), source.parts().iterator().next().label()));
      }
    }
    return this;
  }

  /** Leaves in a run what it should say of single records. */
  public void leaveRecords(RunDirectory run) throws IOException {
    if (source instanceof Ingested ingested) {
      ingested.leaveRecords(run);
    }
  }

  /** Checks the training images and makes the first {@code limit} readable. */
  public StoredPart training(OptionalInt limit) throws IOException {
    return store(Part.TRAIN, limit);
  }

  /** Checks the test images and makes the first {@code limit} readable. */
  public StoredPart test(OptionalInt limit) throws IOException {
    return store(Part.TEST, limit);
  }

  private StoredPart store(Part part, OptionalInt limit) throws IOException {
    return source.store(part, limit.isPresent() ? limit.getAsInt() : ImageSource.ALL, chunks);
  }

  /** A part's images on the executors, until this is closed. */
  public IndexedImages images(StoredPart part) {
    IndexedImages images = new IndexedImages(sc, part.index());
    opened.add(images);
    return images;
  }

  @Override
  public void close() throws IOException {
    try {
      opened.forEach(IndexedImages::close);
      if (source instanceof Ingested ingested) {
        ingested.close();
      }
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
