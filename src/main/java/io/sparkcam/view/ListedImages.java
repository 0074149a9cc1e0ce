package io.sparkcam.view;

import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.ingest.DataFormat.StoredImage;
import io.sparkcam.data.ingest.SourceTables;
import io.sparkcam.inputs.DataFormats;
import io.sparkcam.storage.Sha256;
import java.io.IOException;
import java.util.List;

/**
 * The test images of a run that lists its sources: each is read where it lies, without Spark, and
 * checked to be the same.
 */
final class ListedImages {
  private final PublishedRun run;
  private final String location;
  private final SourceTables sources;

  ListedImages(PublishedRun run, String location, SourceTables sources) {
    this.run = run;
    this.location = location;
    this.sources = sources;
  }

  /** The image, in a block of its own. */
  ImageBlock read(long id) throws IOException {
    SourceTables.Entry entry = sources.ofTest(id);
    String place = location + "/" + entry.source();
    if (List.of(entry.source().split("/", -1)).contains("..")) {
      throw new IOException(
          "%s: source %s, expected a name below the data's directory"
              .formatted(run.directory(), entry.source()));
    }
    Settings recorded = Settings.of(run.manifest().origin().settings());
    try {
      StoredImage image =
          DataFormats.stored(location, entry.source(), recorded.dataOptions(), run.configuration());
      ImageShape own = image.form().shape(image.content());
      ImageShape shape = new ImageShape(run.shape().height(), run.shape().width(), own.channels());
      byte[] pixels = image.form().pixels(image.content(), shape);
      byte[] hashed = image.content() instanceof byte[] file ? file : pixels;
      String found = Sha256.of(hashed);
      if (!found.equals(entry.sha256())) {
        throw new IOException(
            "%s: not the input of run %s: SHA-256 %s, expected %s"
                .formatted(place, run.directory(), found, entry.sha256()));
      }
      return new ImageBlock(shape, new long[] {id}, new int[] {entry.label()}, pixels);
    } catch (BadRecordException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }
}
