package io.sparkcam.job;

import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ImageShape;
import io.sparkcam.dataset.Spool;
import io.sparkcam.dataset.SpoolReader;
import io.sparkcam.report.ImagePixels;
import io.sparkcam.sink.RunOrigin;
import java.io.IOException;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images that a run explains, checked to be the same files. */
final class TestImages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TestImages.class);

  private final SpooledData data;
  private final SpoolReader reader;

  private TestImages(SpooledData data, SpoolReader reader) {
    this.data = data;
    this.reader = reader;
  }

  /**
   * The first {@code count} images of the data set that the settings name, else of the one that the
   * run was made from.
   */
  static TestImages of(PublishedRun run, Settings settings, int count) throws IOException {
    SpooledData data = SpooledData.of(locate(run, settings));
    try {
      Spool spool = data.test(OptionalInt.of(count));
      requireSame(run, data, spool.images());
      requireSame(run, data, spool.labels());
      requireNames(run, data);
      return new TestImages(data, SpoolReader.open(spool.file()));
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

  private static void requireNames(PublishedRun run, SpooledData data) throws IOException {
    if (data.classNames().count() != run.shape().classes()) {
      throw new IOException(
          "%s: %d classes, expected %d as in %s"
              .formatted(
                  data.location(),
                  data.classNames().count(),
                  run.shape().classes(),
                  run.directory()));
    }
  }

  private static String plain(String name) {
    return name.replaceFirst("\\.gz$", "");
  }

  ClassNames classNames() {
    return data.classNames();
  }

  ImagePixels pixels(long id) throws IOException {
    ImageShape shape = reader.shape();
    return new ImagePixels(
        shape.height(), shape.width(), shape.channels(), reader.read(id, 1).pixels());
  }

  /** The true class, or {@link ImageBlock#UNKNOWN}. */
  int label(long id) throws IOException {
    return reader.read(id, 1).labels()[0];
  }

  @Override
  public void close() throws IOException {
    reader.close();
    data.close();
  }
}
