package io.sparkcam.data;

/**
 * An order that is read a few blocks at a time: runs of consecutive images are shuffled, cut into
 * shards, and shuffled again image by image within each window of a shard. Data that is sorted by
 * label is mixed as far as the runs of a window come from everywhere.
 */
public final class WindowedOrder implements EpochOrder {
  private static final long serialVersionUID = 1;

  private final long images;
  private final int run;
  private final int window;
  private final int shards;
  private final long seed;
  private final int epoch;
  private final SeededPermutation runs;

  /** Where the last run goes, which may be shorter than the others. */
  private final long shortRun;

  /**
   * An order.
   *
   * @param run consecutive images that stay together, but for the shuffle of their window
   * @param window images that are shuffled among each other, at most
   */
  public WindowedOrder(long images, int run, int window, int shards, long seed, int epoch) {
    if (images < 1 || run < 1 || window < 1 || shards < 1 || shards > images) {
      throw new IllegalArgumentException(
          "%s images in runs of %s, windows of %s, %s shards, expected at least 1 each, and no more shards than images"
              .formatted(images, run, window, shards));
    }
    this.images = images;
    this.run = run;
    this.window = window;
    this.shards = shards;
    this.seed = seed;
    this.epoch = epoch;
    this.runs = new SeededPermutation((images + run - 1) / run, seed, epoch);
    this.shortRun = runs.position(runs.size() - 1);
  }

  @Override
  public int shards() {
    return shards;
  }

  @Override
  public long sizeOf(int shard) {
    if (shard < 0 || shard >= shards) {
      throw new IllegalArgumentException("shard " + shard + ", expected 0 to " + (shards - 1));
    }
    return (images - shard + shards - 1) / shards;
  }

  @Override
  public long imageAt(int shard, long rank) {
    long size = sizeOf(shard);
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "rank " + rank + " of shard " + shard + ", expected 0 to " + (size - 1));
    }
    Windows windows = new Windows(size, window);
    long number = windows.of(rank);
    long start = shard * (images / shards) + Math.min(shard, images % shards);
    start += windows.start(number);
    // Another shuffle for each window: the first place tells windows apart.
    SeededPermutation within = new SeededPermutation(windows.size(number), seed + start + 1, epoch);
    return inRuns(start + within.index(rank - windows.start(number)));
  }

  /** The image at a place of the shuffled runs, laid one after the other. */
  private long inRuns(long place) {
    long before = shortRun * run;
    long last = images - (runs.size() - 1) * run;
    if (place < before) {
      return runs.index(place / run) * run + place % run;
    }
    if (place < before + last) {
      return (runs.size() - 1) * run + place - before;
    }
    long after = place - before - last;
    return runs.index(shortRun + 1 + after / run) * run + after % run;
  }
}
