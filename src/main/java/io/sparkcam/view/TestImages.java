package io.sparkcam.view;

import io.sparkcam.config.Setting;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Part;
import io.sparkcam.data.idx.IdxChunks;
import io.sparkcam.data.idx.IdxFormat;
import io.sparkcam.data.ingest.DataOptions;
import io.sparkcam.data.ingest.SourceTables;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.inputs.StoredData;
import io.sparkcam.run.ListedFile;
import io.sparkcam.run.RunOrigin;
import io.sparkcam.view.picture.ImagePixels;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    String recorded = run.manifest().origin().settings().getOrDefault(Setting.DATA.key(), "");
    boolean named = settings.get(Setting.DATA).isPresent() || recorded.isEmpty();
    String location = named ? StoredData.locate(settings, LOG::info) : recorded;
    if (!named && !DataPlace.of(recorded).local()) {
      throw new IOException(
          "%s: its images are in %s, which is not read on a manifest's word; name it by --data"
              .formatted(run.directory(), recorded));
    }
    Optional<SourceTables> sources =
        SourceTables.of(
            run.directory(),
            run.manifest().files().stream().map(ListedFile::name).toList(),
            run.configuration());
    if (sources.isPresent()) {
      ListedImages images = new ListedImages(run, location, sources.get());
      return new TestImages(names, images::read, () -> {});
    }
    DataPlace place = DataPlace.of(location);
    IdxFormat.Files files =
        IdxFormat.files(place, Part.TEST, run.configuration())
            .orElseThrow(() -> new IOException(location + ": no IDX files of test images"));
    DataOptions options =
        Settings.of(run.manifest().origin().settings())
            .dataOptions()
            .reading(Set.of(Part.TEST), Optional.of(names));
    Path directory = Files.createTempDirectory("sparkcam-data-");
    try {
      StoredPart part =
          IdxChunks.read(
              files.images(),
              files.labels(),
              IdxFormat.form(place, options, run.configuration()),
              count,
              new org.apache.hadoop.fs.Path("file", null, directory.toString()),
              Part.TEST.label(),
              run.configuration());
      requireSame(run, location, part.images());
      requireSame(run, location, part.labels());
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

  private static void requireSame(PublishedRun run, String location, StoredPart.SourceFile found)
      throws IOException {
    RunOrigin.Input expected =
        run.manifest().origin().inputs().stream()
            .filter(input -> plain(input.name()).equals(plain(found.name())))
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "%s: %s is not an input of run %s"
                            .formatted(location, found.name(), run.directory())));
    if (!found.sha256().equals(expected.sha256())) {
      throw new IOException(
          "%s/%s: not the input of run %s: SHA-256 %s, expected %s of %s"
              .formatted(
                  location,
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
          "%s: %s class names, expected %s".formatted(run.directory(), recorded.size(), classes));
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
