package io.sparkcam.inputs;

import io.sparkcam.config.Settings;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.DataLocator;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.IdxSpool;
import io.sparkcam.dataset.ImageSource;
import io.sparkcam.dataset.Part;
import io.sparkcam.dataset.Spool;
import io.sparkcam.ingest.Ingested;
import io.sparkcam.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/**
 * The data set of a run, found and checked; what is read of it lies in a temporary directory until
 * this is closed.
 */
public final class SpooledData implements AutoCloseable {
  private final ImageSource source;
  private final Path directory;

  private SpooledData(ImageSource source, Path directory) {
    this.source = source;
    this.directory = directory;
  }

  /** Finds the data set that the settings name, or Fashion-MNIST where it is usually found. */
  public static SpooledData open(Settings settings, SparkSession spark, Consumer<String> progress)
      throws IOException {
    Path directory = Files.createTempDirectory("sparkcam-data-");
    try {
      return new SpooledData(find(settings, spark, directory, progress), directory);
    } catch (IOException | RuntimeException e) {
      delete(directory);
      throw e;
    }
  }

  private static ImageSource find(
      Settings settings, SparkSession spark, Path workplace, Consumer<String> progress)
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
    return locate(settings, hadoop, progress);
  }

  private static boolean namesIdx(String location, Configuration hadoop) throws IOException {
    org.apache.hadoop.fs.Path root = DataDirectory.qualified(location, hadoop);
    FileSystem files = root.getFileSystem(hadoop);
    return files.exists(root)
        && files.getFileStatus(root).isDirectory()
        && IdxDataSet.isIn(DataDirectory.of(location, hadoop));
  }

  /** This data set. */
  public static SpooledData of(IdxDataSet source) throws IOException {
    return new SpooledData(source, Files.createTempDirectory("sparkcam-data-"));
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
  public SpooledData require(Part... parts) throws IOException {
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
  public Spool training(OptionalInt limit) throws IOException {
    return source.spoolTraining(file("train"), limit.isPresent() ? limit.getAsInt() : IdxSpool.ALL);
  }

  /** Checks the test images and makes the first {@code limit} readable. */
  public Spool test(OptionalInt limit) throws IOException {
    return source.spoolTest(file("test"), limit.isPresent() ? limit.getAsInt() : IdxSpool.ALL);
  }

  /** Spark's file server tells files by their names alone: no two runs may share one. */
  private Path file(String part) {
    return directory.resolve(directory.getFileName() + "-" + part);
  }

  @Override
  public void close() throws IOException {
    try {
      if (source instanceof Ingested ingested) {
        ingested.close();
      }
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> innermostFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : innermostFirst) {
        Files.delete(path);
      }
    }
  }
}
