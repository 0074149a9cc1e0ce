package io.sparkcam.bench;

import io.sparkcam.dataset.ByteSource;
import io.sparkcam.dataset.IdxSpool;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.Spool;
import io.sparkcam.dataset.SpoolReader;
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

  /** Those of a spool, all in memory. */
  static RepeatedImages of(Spool spool) throws IOException {
    try (SpoolReader reader = SpoolReader.open(spool.file())) {
      return new RepeatedImages(reader.read(0, Math.toIntExact(spool.count())), spool.classes());
    }
  }

  /** The first {@code count} images, as a job reads a data set of that size. */
  Spool spool(Path file, int count) throws IOException {
    return IdxSpool.write(pixels(count), labels(count), classes, file, IdxSpool.ALL);
  }

  /** The same as two files in a directory. */
  public void write(Path directory, String part, int count) throws IOException {
    try (InputStream pixels = pixels(count).open();
        InputStream labels = labels(count).open()) {
      Files.copy(pixels, directory.resolve(part + "-images-idx3-ubyte"));
      Files.copy(labels, directory.resolve(part + "-labels-idx1-ubyte"));
    }
  }

  private ByteSource pixels(int count) {
    int height = images.shape().height();
    int width = images.shape().width();
    byte[] header =
        ByteBuffer.allocate(16)
            .putInt(IMAGES_MAGIC)
            .putInt(count)
            .putInt(height)
            .putInt(width)
            .array();
    return new Repetition("images", header, images.pixels(), (long) count * height * width);
  }

  private ByteSource labels(int count) {
    byte[] header = ByteBuffer.allocate(8).putInt(LABELS_MAGIC).putInt(count).array();
    byte[] labels = new byte[images.count()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) images.labels()[i];
    }
    return new Repetition("labels", header, labels, count);
  }

  /** A header, then {@code length} bytes, which are {@code body} again and again. */
  private static final class Repetition implements ByteSource {
    private final String name;
    private final byte[] header;
    private final byte[] body;
    private final long length;

    Repetition(String name, byte[] header, byte[] body, long length) {
      this.name = name;
      this.header = header;
      this.body = body;
      this.length = length;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public InputStream open() {
      List<InputStream> parts = new ArrayList<>();
      parts.add(new ByteArrayInputStream(header));
      for (long done = 0; done < length; done += body.length) {
        parts.add(new ByteArrayInputStream(body, 0, (int) Math.min(body.length, length - done)));
      }
      return new SequenceInputStream(Collections.enumeration(parts));
    }
  }
}
