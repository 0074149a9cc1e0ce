package io.sparkcam.ingest;

import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.dataset.DataDirectory;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ImageShape;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The test images of a run, each read where it lies, without Spark, and checked to be the same. */
public final class StoredImages {
  private final Path run;
  private final String location;
  private final TableOptions options;
  private final Configuration configuration;

  /**
   * Reads the images of a run.
   *
   * @param location of the data set
   */
  public StoredImages(
      Path run, String location, TableOptions options, Configuration configuration) {
    this.run = run;
    this.location = location;
    this.options = options;
    this.configuration = configuration;
  }

  /** Whether a run that leaves these files was made from a folder or a table of images. */
  public static boolean isSource(String file) {
    return file.equals(Sources.FILE);
  }

  /** The image, in a block of its own. */
  public ImageBlock read(long id) throws IOException {
    Sources.Entry entry = Sources.ofTest(run, id, configuration);
    String place = location + "/" + entry.source();
    try {
      int row = entry.source().lastIndexOf('#');
      boolean inTable = entry.source().substring(0, Math.max(0, row)).endsWith(".parquet");
      ImageForm form = ImageForm.encoded(DecodeSettings.DEFAULT);
      Object content;
      if (inTable) {
        TableCell cell =
            TableCell.read(
                root(entry.source().substring(0, row)),
                Long.parseLong(entry.source().substring(row + 1)),
                options.imageColumn(),
                configuration);
        content = cell.content();
        form = cell.encoded() ? form : options.arrays();
      } else {
        content = bytes(root(entry.source()));
      }
      ImageShape shape = form.shape(content);
      byte[] pixels = form.pixels(content, shape);
      String found = Records.sha256(content, pixels);
      if (!found.equals(entry.sha256())) {
        throw new IOException(
            "%s: not the input of run %s: SHA-256 %s, expected %s"
                .formatted(place, run, found, entry.sha256()));
      }
      return new ImageBlock(shape, new long[] {id}, new int[] {entry.label()}, pixels);
    } catch (BadRecordException e) {
      throw new IOException(place + ": " + e.getMessage(), e);
    }
  }

  /** A table that was named itself lies beside its own records' names. */
  private Path root(String file) throws IOException {
    Path root = DataDirectory.qualified(location, configuration);
    boolean isFile = root.getFileSystem(configuration).getFileStatus(root).isFile();
    return new Path(isFile ? root.getParent() : root, file);
  }

  private byte[] bytes(Path file) throws IOException {
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      return in.readAllBytes();
    }
  }
}
