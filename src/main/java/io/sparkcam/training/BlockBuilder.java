package io.sparkcam.training;

import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.ImageShape;

/** A block in the making, filled image by image in any order. */
final class BlockBuilder {
  private final ImageShape shape;
  private final long[] ids;
  private final int[] labels;
  private final byte[] pixels;
  private int filled;

  BlockBuilder(ImageShape shape, int count) {
    this.shape = shape;
    this.ids = new long[count];
    this.labels = new int[count];
    this.pixels = new byte[Math.multiplyExact(count, shape.size())];
  }

  void put(int place, ImageBlock source, int row) {
    int size = shape.size();
    ids[place] = source.ids()[row];
    labels[place] = source.labels()[row];
    System.arraycopy(source.pixels(), row * size, pixels, place * size, size);
    filled++;
  }

  ImageBlock build() {
    if (filled != ids.length) {
      throw new IllegalStateException("shard of " + ids.length + " images received " + filled);
    }
    return new ImageBlock(shape, ids, labels, pixels);
  }
}
