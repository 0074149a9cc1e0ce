package io.sparkcam.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Checks a pair of IDX files from the first byte to the last and writes them as a {@link Spool}, in
 * one pass.
 */
public final class IdxSpool {
  /** No limit: every image is spooled. */
  public static final long ALL = Long.MAX_VALUE;

  /** Labels are unsigned bytes. */
  static final int MAX_CLASSES = 256;

  private static final int CHUNK = 1 << 16;

  private final IdxInput images;
  private final IdxInput labels;
  private final int classes;
  private final byte[] pixelChunk = new byte[CHUNK];
  private final byte[] labelChunk = new byte[CHUNK];

  private IdxSpool(IdxInput images, IdxInput labels, int classes) {
    this.images = images;
    this.labels = labels;
    this.classes = classes;
  }

  /**
   * Writes the spool. Memory is a few fixed buffers, whatever the files declare.
   *
   * @param classes labels are 0 to classes - 1
   * @param file is written, or left absent if the data is refused
   * @param limit at most that many images, the first ones, are spooled; all of them are checked
   */
  public static Spool write(
      ByteSource images, ByteSource labels, int classes, Path file, long limit) throws IOException {
    if (classes < 1 || classes > MAX_CLASSES) {
      throw new IllegalArgumentException(classes + " classes, expected 1 to " + MAX_CLASSES);
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit of " + limit + " images, expected at least 1");
    }
    try (IdxInput imageInput = IdxInput.images(images);
        IdxInput labelInput = IdxInput.labels(labels)) {
      return new IdxSpool(imageInput, labelInput, classes).write(file, limit);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private Spool write(Path file, long limit) throws IOException {
    if (labels.count() != images.count()) {
      throw new IOException(
          "%s: %d labels, expected %d as in %s"
              .formatted(labels.name(), labels.count(), images.count(), images.name()));
    }
    ImageShape shape = images.shape();
    long count = Math.min(limit, images.count());
    try (SpoolWriter out = SpoolWriter.create(file, shape, classes)) {
      for (long i = 0; i < images.count(); i++) {
        int label = nextLabel(i);
        if (i < count) {
          out.image(label);
          readImage(shape.size(), out::pixels);
        } else {
          readImage(shape.size(), (pixels, length) -> {});
        }
      }
      out.finish();
    }
    return new Spool(
        file,
        count,
        images.count(),
        0,
        shape,
        classes,
        new Spool.SourceFile(images.name(), images.finish()),
        new Spool.SourceFile(labels.name(), labels.finish()));
  }

  private int nextLabel(long index) throws IOException {
    int place = (int) (index % CHUNK);
    if (place == 0) {
      labels.read(labelChunk, (int) Math.min(CHUNK, labels.count() - index));
    }
    int label = labelChunk[place] & 0xff;
    if (label >= classes) {
      throw new IOException(
          "%s: label %d of image %d, expected 0 to %d"
              .formatted(labels.name(), label, index, classes - 1));
    }
    return label;
  }

  /** Takes the pixels of an image, a chunk at a time. */
  @FunctionalInterface
  private interface Pixels {
    void take(byte[] bytes, int length) throws IOException;
  }

  private void readImage(int size, Pixels target) throws IOException {
    for (int copied = 0; copied < size; copied += CHUNK) {
      int length = Math.min(CHUNK, size - copied);
      images.read(pixelChunk, length);
      target.take(pixelChunk, length);
    }
  }
}
