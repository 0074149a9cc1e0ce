package io.sparkcam.data.idx;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ChunkWriter;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.ingest.StoredPart;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A pair of IDX files as chunks. Both are read once from the first byte to the last, checked and
 * digested. Plain files stay where they are, their chunks are ranges of them; where one is gzip,
 * both are unpacked into chunk files. Works in one task, memory is a few fixed buffers whatever the
 * files declare.
 */
public final class IdxChunks {
  private static final int BUFFER = 1 << 16;

  private IdxChunks() {}

  /**
   * Reads the pair.
   *
   * @param images file of (image, row, column)
   * @param labels file of (label)
   * @param classes labels are 0 to classes - 1
   * @param limit at most that many images, the first ones, are in the index; all of them are
   *     checked
   * @param directory exists; takes chunk files if there is anything to unpack
   * @param attempt a name that no other task attempt uses, for {@link ChunkWriter#create}
   * @throws IOException where a file is not exactly what it declares, naming the place
   */
  public static StoredPart read(
      ByteSource images,
      ByteSource labels,
      int classes,
      long limit,
      Path directory,
      String attempt,
      Configuration hadoop)
      throws IOException {
    if (classes < 1) {
      throw new IllegalArgumentException(classes + " classes, expected at least 1");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit of " + limit + " images, expected at least 1");
    }
    try (IdxInput imageFile = IdxInput.images(images);
        IdxInput labelFile = IdxInput.labels(labels)) {
      if (labelFile.count() != imageFile.count()) {
        throw new IOException(
            "%s: %s labels, expected %s as in %s"
                .formatted(
                    labelFile.name(), labelFile.count(), imageFile.count(), imageFile.name()));
      }
      long count = Math.min(limit, imageFile.count());
      ImageShape shape = imageFile.shape();
      if (imageFile.plain() && labelFile.plain()) {
        List<Long> counts = read(imageFile, labelFile, classes, (label, pixels) -> {}, 0);
        String imagesSha256 = imageFile.finish();
        String labelsSha256 = labelFile.finish();
        return stored(
            ImageIndex.ofIdx(shape, classes, images.address(), labels.address(), count),
            imageFile,
            imagesSha256,
            labelFile,
            labelsSha256,
            counts);
      }
      try (ChunkWriter out = ChunkWriter.create(directory, attempt, shape, classes, hadoop)) {
        List<Long> counts = read(imageFile, labelFile, classes, out::write, count);
        String imagesSha256 = imageFile.finish();
        String labelsSha256 = labelFile.finish();
        return stored(
            ImageIndex.of(shape, classes, out.finish().chunks()),
            imageFile,
            imagesSha256,
            labelFile,
            labelsSha256,
            counts);
      }
    }
  }

  private static StoredPart stored(
      ImageIndex index,
      IdxInput images,
      String imagesSha256,
      IdxInput labels,
      String labelsSha256,
      List<Long> labelCounts) {
    return new StoredPart(
        index,
        images.count(),
        0,
        labelCounts,
        new StoredPart.SourceFile(images.name(), imagesSha256),
        new StoredPart.SourceFile(labels.name(), labelsSha256));
  }

  /** Takes a record. */
  @FunctionalInterface
  private interface Sink {
    void write(int label, byte[] pixels) throws IOException;
  }

  /**
   * Reads all records and passes on the first {@code wanted}.
   *
   * @return the number of records of each class
   */
  private static List<Long> read(
      IdxInput images, IdxInput labels, int classes, Sink sink, long wanted) throws IOException {
    long[] labelCounts = new long[classes];
    byte[] pixels = new byte[wanted > 0 ? images.shape().size() : 0];
    byte[] passed = new byte[BUFFER];
    byte[] values = new byte[BUFFER];
    for (long i = 0; i < images.count(); i++) {
      int place = (int) (i % BUFFER);
      if (place == 0) {
        labels.read(values, (int) Math.min(BUFFER, labels.count() - i));
      }
      int label = values[place] & 0xff;
      if (label >= classes) {
        throw new IOException(
            "%s: label %s of image %s, expected 0 to %s"
                .formatted(labels.name(), label, i, classes - 1));
      }
      labelCounts[label]++;
      if (i < wanted) {
        images.read(pixels, pixels.length);
        sink.write(label, pixels);
      } else {
        pass(images, passed);
      }
    }
    return Arrays.stream(labelCounts).boxed().toList();
  }

  /** Reads an image that nobody wants. */
  private static void pass(IdxInput images, byte[] buffer) throws IOException {
    int size = images.shape().size();
    for (int done = 0; done < size; done += buffer.length) {
      images.read(buffer, Math.min(buffer.length, size - done));
    }
  }
}
