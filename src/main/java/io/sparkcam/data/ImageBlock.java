package io.sparkcam.data;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * A few images with their labels, as they travel between executors.
 *
 * <p>The arrays are handed over and handed out without a copy: whoever makes a block gives its
 * arrays away, whoever reads one leaves them as they are. Not a record, since Kryo cannot read
 * those; Java serialisation writes it as plain bytes, which costs a fraction of what element-wise
 * arrays cost.
 */
public final class ImageBlock implements Serializable {
  private static final long serialVersionUID = 1;

  /** The label of an image whose class is not known. */
  public static final int UNKNOWN = -1;

  private final int height;
  private final int width;
  private final int channels;
  private final long[] ids;
  private final int[] labels;
  private final byte[] pixels;

  /**
   * @param ids (count), each image's position in its source, from 0
   * @param labels (count), each from 0, or {@link #UNKNOWN}
   * @param pixels (count, channel, row, column), unsigned bytes
   */
  public ImageBlock(ImageShape shape, long[] ids, int[] labels, byte[] pixels) {
    if (labels.length != ids.length) {
      throw new IllegalArgumentException(
          labels.length + " labels, expected " + ids.length + " as there are ids");
    }
    if (pixels.length != (long) ids.length * shape.size()) {
      throw new IllegalArgumentException(
          "%s bytes of pixels, expected %s for %s images of %s"
              .formatted(
                  pixels.length, (long) ids.length * shape.size(), ids.length, shape.size()));
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || labels[i] < UNKNOWN) {
        throw new IllegalArgumentException(
            "id %s, label %s of image %s, expected at least 0 and %s"
                .formatted(ids[i], labels[i], i, UNKNOWN));
      }
    }
    this.height = shape.height();
    this.width = shape.width();
    this.channels = shape.channels();
    this.ids = ids;
    this.labels = labels;
    this.pixels = pixels;
  }

  public int count() {
    return ids.length;
  }

  public ImageShape shape() {
    return new ImageShape(height, width, channels);
  }

  /** (count), each image's position in its source, from 0; not a copy. */
  public long[] ids() {
    return ids;
  }

  /** (count), each from 0, or {@link #UNKNOWN}; not a copy. */
  public int[] labels() {
    return labels;
  }

  /** (count, channel, row, column), unsigned bytes; not a copy. */
  public byte[] pixels() {
    return pixels;
  }

  /**
   * Pixels as numbers: {@code value / 255} of each.
   *
   * @param first image within the block
   * @param target receives (count, channel, row, column), in [0, 1]
   */
  public void normalise(int first, int count, float[] target) {
    normalise(first, count, target, 0);
  }

  /** The same into {@code target} from image {@code place} of it on. */
  public void normalise(int first, int count, float[] target, int place) {
    int size = channels * height * width;
    int from = first * size;
    int to = place * size;
    for (int i = 0; i < count * size; i++) {
      target[to + i] = (pixels[from + i] & 0xff) / 255f;
    }
  }

  private Object writeReplace() {
    return new Packed(this);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("an image block is read from its packed form only");
  }

  /**
   * What Java serialisation writes: ids and labels packed into bytes, since it writes only byte
   * arrays in one go.
   */
  private static final class Packed implements Serializable {
    private static final long serialVersionUID = 1;

    private final int height;
    private final int width;
    private final int channels;
    private final byte[] idsAndLabels;
    private final byte[] pixels;

    Packed(ImageBlock block) {
      height = block.height;
      width = block.width;
      channels = block.channels;
      pixels = block.pixels;
      idsAndLabels = new byte[block.count() * (Long.BYTES + Integer.BYTES)];
      ByteBuffer buffer = ByteBuffer.wrap(idsAndLabels);
      for (long id : block.ids) {
        buffer.putLong(id);
      }
      for (int label : block.labels) {
        buffer.putInt(label);
      }
    }

    private Object readResolve() {
      int count = idsAndLabels.length / (Long.BYTES + Integer.BYTES);
      ByteBuffer buffer = ByteBuffer.wrap(idsAndLabels);
      long[] ids = new long[count];
      int[] labels = new int[count];
      for (int i = 0; i < count; i++) {
        ids[i] = buffer.getLong();
      }
      for (int i = 0; i < count; i++) {
        labels[i] = buffer.getInt();
      }
      return new ImageBlock(new ImageShape(height, width, channels), ids, labels, pixels);
    }
  }
}
