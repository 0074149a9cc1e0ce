package io.sparkcam.data;

import java.io.Serializable;

/** A shard cut into consecutive windows whose sizes differ by at most one. */
public final class Windows implements Serializable {
  private static final long serialVersionUID = 1;

  private final long images;
  private final long count;

  /**
   * As few windows as hold the images.
   *
   * @param most images of a window
   */
  public Windows(long images, int most) {
    this.images = images;
    this.count = (images + most - 1) / most;
  }

  /** Number of windows. */
  public long count() {
    return count;
  }

  /** The window that holds a place. */
  public long of(long rank) {
    long window = rank * count / images;
    return start(window + 1) <= rank ? window + 1 : window;
  }

  /** The first place of a window. */
  public long start(long window) {
    return window * images / count;
  }

  /** Images of a window. */
  public int size(long window) {
    return (int) (start(window + 1) - start(window));
  }
}
