package io.sparkcam.job;

import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.DataLocator;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.IdxSpool;
import io.sparkcam.dataset.Spool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * The data set of a run, found and checked; what is read of it lies in a temporary directory until
 * this is closed.
 */
final class SpooledData implements AutoCloseable {
  private final IdxDataSet source;
  private final Path directory;

  private SpooledData(IdxDataSet source, Path directory) {
    this.source = source;
    this.directory = directory;
  }

  /** Finds the data set that the settings name, or Fashion-MNIST where it is usually found. */
  static SpooledData open(Settings settings, Configuration hadoop, Consumer<String> progress)
      throws IOException {
    return of(locate(settings, hadoop, progress));
  }

  /** This data set. */
  static SpooledData of(IdxDataSet source) throws IOException {
    return new SpooledData(source, Files.createTempDirectory("sparkcam-data-"));
  }

  /** Finds it, downloading it if that is needed. */
  static IdxDataSet locate(Settings settings, Configuration hadoop, Consumer<String> progress)
      throws IOException {
    return settings.data().isPresent()
        ? IdxDataSet.in(DataDirectory.of(settings.data().get(), hadoop))
        : DataLocator.standard(progress).locate();
  }

  /** Where it was found. */
  String location() {
    return source.location();
  }

  ClassNames classNames() {
    return source.classNames();
  }

  /** Checks the training images and makes the first {@code limit} readable. */
  Spool training(OptionalInt limit) throws IOException {
    return source.spoolTraining(file("train"), limit.isPresent() ? limit.getAsInt() : IdxSpool.ALL);
  }

  /** Checks the test images and makes the first {@code limit} readable. */
  Spool test(OptionalInt limit) throws IOException {
    return source.spoolTest(file("test"), limit.isPresent() ? limit.getAsInt() : IdxSpool.ALL);
  }

  /** Spark's file server tells files by their names alone: no two runs may share one. */
  private Path file(String part) {
    return directory.resolve(directory.getFileName() + "-" + part);
  }

  @Override
  public void close() {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> innermostFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : innermostFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
