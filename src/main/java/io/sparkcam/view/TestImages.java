package io.sparkcam.view;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.IdxChunks;
import io.sparkcam.data.StoredPart;
import io.sparkcam.dataset.ClassNames;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.IdxDataSet;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ImageShape;
import io.sparkcam.dataset.Part;
import io.sparkcam.ingest.StoredImages;
import io.sparkcam.inputs.StoredData;
import io.sparkcam.run.RunOrigin;
import io.sparkcam.view.picture.ImagePixels;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images that a run explains, checked to be the same files. */
public final class TestImages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TestImages.class);

  /** Reads one image, in a block of its own. */
  @FunctionalInterface
  private interface Reading {
    public ImageBlock of(long id) throws IOException;
  }

  private final Reading reading;
  private final Closeable data;
  private final ClassNames names;

  private TestImages(ClassNames names, Reading reading, Closeable data) {
    this.names = names;
    this.reading = reading;
    this.data = data;
  }

  /** Those of a run that is being made. */
  public static TestImages of(PublishedRun run, StoredPart stored) throws IOException {
    ClassNames names = names(run);
    ChunkReader reader = new ChunkReader(stored.index(), run.configuration());
    return new TestImages(names, id -> reader.read(id, 1), reader);
  }

  /**
   * The first {@code count} images of the data set that the settings name, else of the one that the
   * run was made from.
   */
  public static TestImages of(PublishedRun run, Settings settings, int count) throws IOException {
    ClassNames names = names(run);
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
      return new TestImages(names, images::read, () -> {});
    }
    IdxDataSet data = locate(run, settings);
    Path directory = Files.createTempDirectory("sparkcam-data-");
    try {
      StoredPart part =
          IdxChunks.read(
              data.images(Part.TEST),
              data.labels(Part.TEST),
              data.classNames().count(),
              count,
              new org.apache.hadoop.fs.Path("file", null, directory.toString()),
              Part.TEST.label(),
              run.configuration());
      requireSame(run, data, part.images());
      requireSame(run, data, part.labels());
      ChunkReader reader = new ChunkReader(part.index(), run.configuration());
      return new TestImages(
          names,
          id -> reader.read(id, 1),
          () -> {
            reader.close();
            StoredData.delete(directory);
          });
    } catch (IOException | RuntimeException e) {
      StoredData.delete(directory);
      throw e;
    }
  }

  private static IdxDataSet locate(PublishedRun run, Settings settings) throws IOException {
    String recorded = run.manifest().origin().settings().getOrDefault(Setting.DATA.key(), "");
    return settings.data().isPresent() || recorded.isEmpty()
        ? StoredData.locate(settings, run.configuration(), LOG::info)
        : IdxDataSet.in(DataDirectory.of(recorded, run.configuration()));
  }

  private static void requireSame(PublishedRun run, IdxDataSet data, StoredPart.SourceFile found)
      throws IOException {
    RunOrigin.Input expected =
        run.manifest().origin().inputs().stream()
            .filter(input -> plain(input.name()).equals(plain(found.name())))
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "%s: %s is not an input of run %s"
                            .formatted(data.location(), found.name(), run.directory())));
    if (!found.sha256().equals(expected.sha256())) {
      throw new IOException(
          "%s/%s: not the input of run %s: SHA-256 %s, expected %s of %s"
              .formatted(
                  data.location(),
                  found.name(),
                  run.directory(),
                  found.sha256(),
                  expected.sha256(),
                  expected.name()));
    }
  }

  private static ClassNames names(PublishedRun run) throws IOException {
    List<String> recorded = run.manifest().origin().classNames();
    int classes = run.shape().classes();
    if (!recorded.isEmpty() && recorded.size() != classes) {
      throw new IOException(
          "%s: %d class names, expected %d".formatted(run.directory(), recorded.size(), classes));
    }
    try {
      return recorded.isEmpty() ? ClassNames.digits(classes) : new ClassNames(recorded);
    } catch (IllegalArgumentException e) {
      throw new IOException(run.directory() + ": " + e.getMessage(), e);
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
