package io.sparkcam.data;

import java.io.Serializable;

/**
 * One part of a data set, ready to be read by id. A plain class, because Kryo does not read
 * records.
 */
public final class StoredPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ImageIndex index;
  private final long sourceCount;
  private final long bad;
  private final String images;
  private final String imagesSha256;
  private final String labels;
  private final String labelsSha256;

  /**
   * A file, or a list of files, as it was read.
   *
   * @param sha256 of its bytes as they are stored, in lower-case hexadecimal
   */
  public record SourceFile(String name, String sha256) {}

  /**
   * A part that was read.
   *
   * @param index which images are where: the first ones of the source
   * @param sourceCount images in the source, good and bad
   * @param bad images of the source that were left out because they cannot be used
   * @param images what the pixels were read from
   * @param labels what the labels were read from
   */
  public StoredPart(
      ImageIndex index, long sourceCount, long bad, SourceFile images, SourceFile labels) {
    this.index = index;
    this.sourceCount = sourceCount;
    this.bad = bad;
    this.images = images.name();
    this.imagesSha256 = images.sha256();
    this.labels = labels.name();
    this.labelsSha256 = labels.sha256();
  }

  /** Which images are where. */
  public ImageIndex index() {
    return index;
  }

  /** Images that are used: ids are 0 to this - 1. */
  public long count() {
    return index.count();
  }

  /** Images in the source, good and bad. */
  public long sourceCount() {
    return sourceCount;
  }

  /** Images of the source that were left out because they cannot be used. */
  public long bad() {
    return bad;
  }

  /** What the pixels were read from. */
  public SourceFile images() {
    return new SourceFile(images, imagesSha256);
  }

  /** What the labels were read from. */
  public SourceFile labels() {
    return new SourceFile(labels, labelsSha256);
  }
}
