package io.sparkcam.data.idx;

import io.sparkcam.data.ByteSource;
import io.sparkcam.data.ChunkWriter;
import io.sparkcam.data.ClassNames;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageIndex;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.DecodeSettings;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.data.ingest.Labels;
import io.sparkcam.data.ingest.StoredPart;
import io.sparkcam.storage.Sha256;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A pair of IDX files as chunks, or images alone, which have no labels. Files are read once from
 * the first byte to the last, checked and digested. Plain pairs of grey images stay where they are,
 * their chunks are ranges of them; where one is gzip, or the images are to be of another size or
 * have other channels, records go into chunk files. Works in one task, memory is a few fixed
 * buffers whatever the files declare.
 */
public final class IdxChunks {
  private static final int BUFFER = 1 << 16;

  /** Labels are bytes. */
  private static final int NUMBERS = 256;

  /** The class of a number that is no label. */
  private static final int NONE = ImageBlock.UNKNOWN - 1;

  private final IdxInput images;
  private final IdxInput labels;
  private final int[] classes;
  private final long[] labelCounts;
  private final ImageForm pixels;
  private final ImageShape shape;
  private String imagesSha256;
  private String labelsSha256;
  private long constant;
  private boolean sorted = true;

  /**
   * How images and labels become records.
   *
   * @param classes of the records
   * @param labels what the numbers of the label file stand for
   * @param decode size and channels of the pixels
   */
  public record Form(int classes, Labels labels, DecodeSettings decode) implements Serializable {
    /** Images as they are, labels are 0 to classes - 1. */
    public static Form of(int classes) {
      Labels labels = Labels.of(ClassNames.digits(classes).names());
      return new Form(classes, labels, DecodeSettings.DEFAULT);
    }

    /** By number: the class, or {@link #NONE}. */
    private int[] classesByNumber() {
      int[] found = new int[NUMBERS];
      for (int number = 0; number < NUMBERS; number++) {
        try {
          found[number] = labels.of(Integer.toString(number));
        } catch (BadRecordException e) {
          found[number] = NONE;
        }
      }
      return found;
    }
  }

  /**
   * Reads the pair.
   *
   * @param images file of (image, row, column) or (image, row, column, channel)
   * @param labels file of (label); empty where images have none
   * @param limit at most that many images, the first ones, are in the index; all of them are
   *     checked
   * @param directory exists; takes chunk files if there is anything to unpack or to convert
   * @param attempt a name that no other task attempt uses, for {@link ChunkWriter#create}
   * @throws IOException where a file is not exactly what it declares, naming the place
   */
  public static StoredPart read(
      ByteSource images,
      Optional<ByteSource> labels,
      Form form,
      long limit,
      Path directory,
      String attempt,
      Configuration hadoop)
      throws IOException {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of " + limit + " images, expected at least 1");
    }
    try (IdxInput imageFile = IdxInput.images(images);
        IdxInput labelFile = labels.isPresent() ? IdxInput.labels(labels.get()) : null) {
      if (labelFile != null && labelFile.count() != imageFile.count()) {
        throw new IOException(
            "%s: %s labels, expected %s as in %s"
                .formatted(
                    labelFile.name(), labelFile.count(), imageFile.count(), imageFile.name()));
      }
      long count = Math.min(limit, imageFile.count());
      IdxChunks pair = new IdxChunks(imageFile, labelFile, form);
      if (pair.keptAsTheyAre()) {
        pair.read((label, pixels) -> {}, 0);
        return pair.stored(
            ImageIndex.ofIdx(
                pair.shape, form.classes, images.address(), labels.get().address(), count));
      }
      try (ChunkWriter out =
          ChunkWriter.create(directory, attempt, pair.shape, form.classes, hadoop)) {
        pair.read((label, pixels) -> out.write(label, pair.converted(pixels)), count);
        return pair.stored(ImageIndex.of(pair.shape, form.classes, out.finish().chunks()));
      }
    }
  }

  private IdxChunks(IdxInput images, IdxInput labels, Form form) {
    this.images = images;
    this.labels = labels;
    this.classes = form.classesByNumber();
    this.labelCounts = new long[form.classes];
    this.pixels = ImageForm.binary(form.decode.ofRawPixels(images.shape()));
    ImageShape own = images.shape();
    this.shape = form.decode.shape(own.height(), own.width(), own.channels());
  }

  /** Whether the files hold the records that are wanted. */
  private boolean keptAsTheyAre() {
    boolean same =
        IntStream.range(0, Math.min(NUMBERS, labelCounts.length)).allMatch(i -> classes[i] == i);
    return labels != null && images.plain() && labels.plain() && same && pixelsAsTheyAre();
  }

  /** Whether the file holds pixels as records do: planes of channels, of which grey has one. */
  private boolean pixelsAsTheyAre() {
    return shape.channels() == 1 && shape.equals(images.shape());
  }

  private byte[] converted(byte[] stored) throws IOException {
    try {
      return pixelsAsTheyAre() ? stored : pixels.pixels(stored, shape);
    } catch (BadRecordException e) {
      throw new IOException(images.name() + ": " + e.getMessage(), e);
    }
  }

  private StoredPart stored(ImageIndex index) {
    return new StoredPart(
            index,
            images.count(),
            0,
            Arrays.stream(labelCounts).boxed().toList(),
            new StoredPart.SourceFile(images.name(), imagesSha256),
            new StoredPart.SourceFile(labels == null ? "no labels" : labels.name(), labelsSha256))
        .withFindings(constant, sorted);
  }

  /** Takes a record. */
  @FunctionalInterface
  private interface Sink {
    void write(int label, byte[] pixels) throws IOException;
  }

  /** Reads the files to their ends and passes on the first {@code wanted} records. */
  private void read(Sink sink, long wanted) throws IOException {
    int size = images.shape().size();
    byte[] record = new byte[wanted > 0 ? size : Math.min(size, BUFFER)];
    byte[] values = new byte[BUFFER];
    int before = 0;
    for (long i = 0; i < images.count(); i++) {
      int label = ImageBlock.UNKNOWN;
      if (labels != null) {
        int place = (int) (i % BUFFER);
        if (place == 0) {
          labels.read(values, (int) Math.min(BUFFER, labels.count() - i));
        }
        int number = values[place] & 0xff;
        label = classes[number];
        if (label == NONE) {
          throw new IOException(
              "%s: label %s of image %s, expected 0 to %s"
                  .formatted(labels.name(), number, i, labelCounts.length - 1));
        }
        sorted &= number >= before;
        before = number;
      }
      if (label != ImageBlock.UNKNOWN) {
        labelCounts[label]++;
      }
      constant += readImage(record, size) ? 1 : 0;
      if (i < wanted) {
        sink.write(label, record);
      }
    }
    imagesSha256 = images.finish();
    labelsSha256 = labels == null ? Sha256.of(Sha256.digest()) : labels.finish();
    sorted &= Arrays.stream(labelCounts).filter(count -> count > 0).count() > 1;
  }

  /**
   * Reads an image, the last pixels of it into a shorter buffer.
   *
   * @return whether all its pixels are the same
   */
  private boolean readImage(byte[] buffer, int size) throws IOException {
    boolean same = true;
    byte first = 0;
    for (int done = 0; done < size; done += buffer.length) {
      int length = Math.min(buffer.length, size - done);
      images.read(buffer, length);
      first = done == 0 ? buffer[0] : first;
      for (int i = 0; i < length && same; i++) {
        same = buffer[i] == first;
      }
    }
    return same;
  }
}
