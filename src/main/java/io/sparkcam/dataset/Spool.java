package io.sparkcam.dataset;

import java.nio.file.Path;

/**
 * Checked images and labels in one local file that can be read at random: {@link SpoolReader}.
 *
 * <p>The file, big-endian: {@value #HEADER_SIZE} bytes of header (magic as a long, count as a long,
 * height, width, channels, classes as ints), then one record an image (label as an int, {@link
 * ImageBlock#UNKNOWN} if it has none; pixels (channel, row, column) as unsigned bytes).
 *
 * @param file where it is on this machine
 * @param count images in it: the first ones of the source
 * @param sourceCount images in the source, good and bad
 * @param bad images of the source that were left out because they cannot be used
 * @param classes labels are 0 to classes - 1
 * @param images what the pixels were read from
 * @param labels what the labels were read from
 */
public record Spool(
    Path file,
    long count,
    long sourceCount,
    long bad,
    ImageShape shape,
    int classes,
    SourceFile images,
    SourceFile labels) {
  /** "SpoolV1" and a zero byte. */
  static final long MAGIC = 0x53706f6f6c563100L;

  static final int HEADER_SIZE = 32;

  /**
   * A file as it was read.
   *
   * @param sha256 of its bytes as they are stored, in lower-case hexadecimal
   */
  public record SourceFile(String name, String sha256) {}

  /** Bytes of one image with its label. */
  static int recordSize(ImageShape shape) {
    return Integer.BYTES + shape.size();
  }
}
