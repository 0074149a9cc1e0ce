package io.sparkcam.data;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;

/**
 * Consecutive records in one file: a chunk file, or a range of a pair of plain IDX files. A plain
 * class, because Kryo does not read records.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"file", "labels", "first", "count"})
public final class Chunk implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bytes before the first image, and before the first label, of IDX files. */
  static final int IDX_IMAGES_HEADER = 16;

  static final int IDX_LABELS_HEADER = 8;

  private final String file;
  private final String labels;
  private final long first;
  private final long count;

  @JsonCreator
  private Chunk(
      @JsonProperty("file") String file,
      @JsonProperty("labels") String labels,
      @JsonProperty("first") long first,
      @JsonProperty("count") long count) {
    if (first < 0 || count < 1) {
      throw new IllegalArgumentException(
          "%s: %s records from record %s, expected at least 1 from 0"
              .formatted(file, count, first));
    }
    this.file = file;
    this.labels = labels;
    this.first = first;
    this.count = count;
  }

  /** A chunk file as {@link ChunkWriter} writes it, at an address that is good on executors. */
  static Chunk ofFile(String file, long count) {
    return new Chunk(file, null, 0, count);
  }

  /**
   * The images {@code first} to {@code first + count - 1} of plain IDX files.
   *
   * @param images file of (image, row, column)
   * @param labels file of (label)
   */
  static Chunk ofIdx(String images, String labels, long first, long count) {
    return new Chunk(images, labels, first, count);
  }

  /** The address of the file of pixels, and of labels too unless {@link #isIdx}. */
  public String file() {
    return file;
  }

  /** Number of records. */
  public long count() {
    return count;
  }

  boolean isIdx() {
    return labels != null;
  }

  /** The address of the IDX file of labels. */
  String labels() {
    return labels;
  }

  /** The first record's place in its file, from 0. */
  long first() {
    return first;
  }

  @Override
  public String toString() {
    return "%s: %s records from record %s".formatted(file, count, first);
  }
}
