package io.sparkcam.bench;

import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.Part;
import io.sparkcam.data.idx.IdxChunks;
import io.sparkcam.data.ingest.ImageSource;
import io.sparkcam.testing.FashionExtract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Images over and over, as a pair of IDX files of any length: each repetition has its own ids. */
public final class RepeatedImages {
  private static final int IMAGES_MAGIC = 0x803;
  private static final int LABELS_MAGIC = 0x801;

  private final ImageBlock images;
  private final int classes;

  public RepeatedImages(ImageBlock images, int classes) {
    this.images = images;
    this.classes = classes;
  }

  /** Those of a data set, all in memory. */
  static RepeatedImages of(String data, Part part, Path directory) throws IOException {
    ImageIndex index = FashionExtract.store(data, part, ImageSource.ALL, directory);
    try (ChunkReader reader = new ChunkReader(index, new Configuration())) {
      return new RepeatedImages(reader.read(0, Math.toIntExact(index.count())), index.classes());
    }
  }

  /** The first {@code count} images, as a job reads a data set of that size. */
  ImageIndex store(Path directory, int count) throws IOException {
    Files.createDirectory(directory);
    write(directory, "t10k", count);
    DataPlace files = DataPlace.of(directory.toString());
    Configuration hadoop = new Configuration();
    return IdxChunks.read(
            files.file("t10k-images-idx3-ubyte", hadoop),
            Optional.of(files.file("t10k-labels-idx1-ubyte", hadoop)),
            IdxChunks.Form.of(classes),
            ImageSource.ALL,
            new org.apache.hadoop.fs.Path("file", null, directory.toString()),
            "t10k",
            hadoop)
        .index();
  }

  /** The same as two files in a directory. */
  public void write(Path directory, String part, int count) throws IOException {
    try (InputStream pixels = pixels(count);
        InputStream labels = labels(count)) {
      Files.copy(pixels, directory.resolve(part + "-images-idx3-ubyte"));
      Files.copy(labels, directory.resolve(part + "-labels-idx1-ubyte"));
    }
  }

  private InputStream pixels(int count) {
    int height = images.shape().height();
    int width = images.shape().width();
    byte[] header =
        ByteBuffer.allocate(16)
            .putInt(IMAGES_MAGIC)
            .putInt(count)
            .putInt(height)
            .putInt(width)
            .array();
    return repeated(header, images.pixels(), (long) count * height * width);
  }

  private InputStream labels(int count) {
    byte[] header = ByteBuffer.allocate(8).putInt(LABELS_MAGIC).putInt(count).array();
    byte[] labels = new byte[images.count()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) images.labels()[i];
    }
    return repeated(header, labels, count);
  }

  /** A header, then {@code length} bytes, which are {@code body} again and again. */
  private static InputStream repeated(byte[] header, byte[] body, long length) {
    List<InputStream> parts = new ArrayList<>();
    parts.add(new ByteArrayInputStream(header));
    for (long done = 0; done < length; done += body.length) {
      parts.add(new ByteArrayInputStream(body, 0, (int) Math.min(body.length, length - done)));
    }
    return new SequenceInputStream(Collections.enumeration(parts));
  }
}
