package io.sparkcam.training;

import io.sparkcam.data.ImageShape;

/** The images that one worker trains on in an epoch, in their order. */
public interface WorkerImages {
  ImageShape shape();

  /** Number of the worker, from 0. */
  int worker();

  /** Number of images. */
  long count();

  /**
   * Reads images.
   *
   * @param from the first one's place in the order, from 0
   * @param pixels receives (count, channel, row, column), in [0, 1]
   * @return (count), the labels
   */
  int[] read(long from, int count, float[] pixels);
}
