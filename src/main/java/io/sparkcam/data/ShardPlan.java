package io.sparkcam.data;

/**
 * Which worker trains on which image in one epoch, and in which order: image {@code i}, shuffled to
 * position {@code p}, is image {@code p / shards} of shard {@code p % shards}. Shards differ in
 * size by at most one.
 *
 * <p>It depends on the number of shards, never on the machines that work on them.
 */
public final class ShardPlan implements EpochOrder {
  private static final long serialVersionUID = 1;

  private final SeededPermutation shuffle;
  private final int shards;

  /**
   * @param images the plan is for images 0 to images - 1, at most 2^40
   * @param epoch from 0; each has its own order
   */
  public ShardPlan(long images, int shards, long seed, int epoch) {
    if (images < 1) {
      throw new IllegalArgumentException(images + " images, expected at least 1");
    }
    if (shards < 1 || shards > images) {
      throw new IllegalArgumentException(
          shards + " shards, expected 1 to " + images + " for " + images + " images");
    }
    this.shuffle = new SeededPermutation(images, seed, epoch);
    this.shards = shards;
  }

  /** The shard of an image, from 0. */
  public int shardOf(long image) {
    return (int) (shuffle.position(image) % shards);
  }

  /** The place of an image in its shard, from 0. */
  public long rankOf(long image) {
    return shuffle.position(image) / shards;
  }

  /** {@inheritDoc} The inverse of {@link #shardOf} and {@link #rankOf}. */
  @Override
  public long imageAt(int shard, long rank) {
    if (rank < 0 || rank >= sizeOf(shard)) {
      throw new IllegalArgumentException(
          "rank " + rank + " of shard " + shard + ", expected 0 to " + (sizeOf(shard) - 1));
    }
    return shuffle.index(rank * shards + shard);
  }

  @Override
  public long sizeOf(int shard) {
    if (shard < 0 || shard >= shards) {
      throw new IllegalArgumentException("shard " + shard + ", expected 0 to " + (shards - 1));
    }
    return (shuffle.size() - shard + shards - 1) / shards;
  }

  @Override
  public int shards() {
    return shards;
  }
}
