package io.sparkcam.data;

import java.io.Serializable;

/**
 * Which worker trains on which image in one epoch, and in which order: a function of the seed, the
 * epoch, the number of images and of shards, and of nothing else. Shards differ in size by at most
 * one. A worker reads its shard a window at a time: consecutive places that fit into memory.
 *
 * <p>Which order it is depends on the size of the data alone: up to {@value #EXACT_BYTES} bytes of
 * records each image goes anywhere ({@link ShardPlan}); beyond that, where a window would have to
 * be gathered from all over the data, runs of images go anywhere, and images within their window
 * ({@link WindowedOrder}).
 */
public interface EpochOrder extends Serializable {
  /** Of records, for which every image goes anywhere. */
  long EXACT_BYTES = 128L << 20;

  /** Of a window, at most. */
  long WINDOW_BYTES = 64L << 20;

  /** The least number of runs that a shard is made of, where there are so many images. */
  int RUNS_A_SHARD = 128;

  /**
   * The order of an epoch.
   *
   * @param images the order is of images 0 to images - 1
   * @param recordBytes of one image
   * @param block images that are read at a time
   * @param epoch from 0; each has its own order
   */
  static EpochOrder of(long images, int recordBytes, int block, int shards, long seed, int epoch) {
    if (images * recordBytes <= EXACT_BYTES) {
      return new ShardPlan(images, shards, seed, epoch);
    }
    long run = Math.max(1, Math.min(block, images / ((long) RUNS_A_SHARD * shards)));
    return new WindowedOrder(images, (int) run, window(recordBytes), shards, seed, epoch);
  }

  /** Images of a window, at most. */
  static int window(int recordBytes) {
    return (int) Math.max(1, WINDOW_BYTES / recordBytes);
  }

  /** Number of shards. */
  int shards();

  /** Images in a shard. */
  long sizeOf(int shard);

  /**
   * The image at a place of a shard.
   *
   * @param rank from 0
   */
  long imageAt(int shard, long rank);
}
