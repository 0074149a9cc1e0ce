package io.sparkcam.training;

import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.BlockCache;
import io.sparkcam.data.ChunkReader;
import io.sparkcam.data.EpochOrder;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.data.Windows;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One worker's images of an epoch, as an executor sees them: read a window at a time when they are
 * wanted, the next one ahead while the current one is trained on. Windows are kept in {@link
 * BlockCache#SHARED}, so that the next round finds its own.
 */
final class Shard implements WorkerImages {
  private final IndexedImages.Handle images;
  private final EpochOrder order;
  private final String epoch;
  private final int number;
  private final int recordBytes;
  private final Windows windows;

  /**
   * A shard of an epoch.
   *
   * @param epoch a name that no other epoch's order has
   */
  Shard(IndexedImages.Handle images, EpochOrder order, String epoch, int number) {
    this.images = images;
    this.order = order;
    this.epoch = epoch;
    this.number = number;
    this.recordBytes = images.index().recordBytes();
    this.windows = new Windows(order.sizeOf(number), EpochOrder.window(recordBytes));
  }

  @Override
  public ImageShape shape() {
    return images.index().shape();
  }

  @Override
  public int worker() {
    return number;
  }

  @Override
  public long count() {
    return order.sizeOf(number);
  }

  @Override
  public int[] read(long from, int count, float[] pixels) {
    int[] labels = new int[count];
    int done = 0;
    while (done < count) {
      long window = windows.of(from + done);
      int first = (int) (from + done - windows.start(window));
      int some = Math.min(count - done, windows.size(window) - first);
      ImageBlock block = window(window);
      block.normalise(first, some, pixels, done);
      System.arraycopy(block.labels(), first, labels, done, some);
      done += some;
    }
    return labels;
  }

  /** Number of windows. */
  long windows() {
    return windows.count();
  }

  /** The images of a window, in the shard's order. */
  ImageBlock window(long window) {
    try {
      ImageBlock block = BlockCache.SHARED.get(key(window), bytes(window), () -> gather(window));
      if (window + 1 < windows.count()) {
        BlockCache.SHARED.readAhead(key(window + 1), bytes(window + 1), () -> gather(window + 1));
      }
      return block;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String key(long window) {
    return epoch + " shard " + number + " window " + window;
  }

  private long bytes(long window) {
    return (long) windows.size(window) * recordBytes;
  }

  private ImageBlock gather(long window) throws IOException {
    long[] ids = new long[windows.size(window)];
    long start = windows.start(window);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = order.imageAt(number, start + i);
    }
    try (ChunkReader reader = images.reader()) {
      return reader.read(ids);
    }
  }
}
