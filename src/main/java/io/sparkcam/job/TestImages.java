package io.sparkcam.job;

import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ImageShape;
import io.sparkcam.dataset.Spool;
import io.sparkcam.dataset.SpoolReader;
import io.sparkcam.ingest.StoredImages;
import io.sparkcam.report.ImagePixels;
import io.sparkcam.sink.RunOrigin;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images that a run explains, checked to be the same files. */
final class TestImages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TestImages.class);

  /** Reads one image, in a block of its own. */
  @FunctionalInterface
  private interface Reading {
    ImageBlock of(long id) throws IOException;
  }

  private final Reading reading;
  private final Closeable data;
  private final ClassNames names;

  private TestImages(PublishedRun run, Reading reading, Closeable data) {
    List<String> recorded = run.manifest().origin().classNames();
    this.reading = reading;
    this.data = data;
    this.names =
        recorded.isEmpty() ? ClassNames.digits(run.shape().classes()) : new ClassNames(recorded);
  }

  /** Those of a run that is being made. */
  static TestImages of(PublishedRun run, Spool spool) throws IOException {
    SpoolReader reader = SpoolReader.open(spool.file());
    return new TestImages(run, id -> reader.read(id, 1), reader);
  }

  /**
   * The first {@code count} images of the data set that the settings name, else of the one that the
   * run was made from.
   */
  static TestImages of(PublishedRun run, Settings settings, int count) throws IOException {
    boolean stored =
        run.manifest().files().stream().anyMatch(file -> StoredImages.isSource(file.name()));
    if (stored) {
      Map<String, String> recorded = run.manifest().origin().settings();
      StoredImages images =
          new StoredImages(
              run.directory(),
              settings.data().orElseGet(() -> recorded.getOrDefault(Setting.DATA.key(), "")),
              Settings.of(recorded).tableOptions(),
              run.configuration());
      return new TestImages(run, images::read, () -> {});
    }
    SpooledData data = SpooledData.of(locate(run, settings));
    try {
      Spool spool = data.test(OptionalInt.of(count));
      requireSame(run, data, spool.images());
      requireSame(run, data, spool.labels());
      SpoolReader reader = SpoolReader.open(spool.file());
      return new TestImages(
          run,
          id -> reader.read(id, 1),
          () -> {
            reader.close();
            data.close();
          });
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private static IdxDataSet locate(PublishedRun run, Settings settings) throws IOException {
    String recorded = run.manifest().origin().settings().getOrDefault(Setting.DATA.key(), "");
    return settings.data().isPresent() || recorded.isEmpty()
        ? SpooledData.locate(settings, run.configuration(), LOG::info)
        : IdxDataSet.in(DataDirectory.of(recorded, run.configuration()));
  }

  private static void requireSame(PublishedRun run, SpooledData data, Spool.SourceFile found)
      throws IOException {
    RunOrigin.Input expected =
        run.manifest().origin().inputs().stream()
            .filter(input -> plain(input.name()).equals(plain(found.name())))
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "%s: %s is not among what %s was made from"
                            .formatted(data.location(), found.name(), run.directory())));
    if (!found.sha256().equals(expected.sha256())) {
      throw new IOException(
          "%s/%s: not what %s was made from: SHA-256 %s, expected %s of %s"
              .formatted(
                  data.location(),
                  found.name(),
                  run.directory(),
                  found.sha256(),
                  expected.sha256(),
                  expected.name()));
    }
  }

  private static String plain(String name) {
    return name.replaceFirst("\\.gz$", "");
  }

  ClassNames classNames() {
    return names;
  }

  ImagePixels pixels(long id) throws IOException {
    ImageBlock image = reading.of(id);
    ImageShape shape = image.shape();
    return new ImagePixels(shape.height(), shape.width(), shape.channels(), image.pixels());
  }

  /** The true class, or {@link ImageBlock#UNKNOWN}. */
  int label(long id) throws IOException {
    return reading.of(id).labels()[0];
  }

  @Override
  public void close() throws IOException {
    data.close();
  }
}
