package io.sparkcam.cam;

import java.util.Arrays;

/**
 * Images that show only what a map explains, or all but that: what the measures of faithfulness ask
 * the network about. An image is (C, H, W) row-major with values in [0, 1], a map (H, W) in any
 * unit; 0 is black.
 *
 * <p>Immutable and safe for any number of threads.
 */
public final class ImageMasking {
  private final int channels;
  private final int pixels;

  /** Masks images of this size. */
  public ImageMasking(int channels, int height, int width) {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "masks of (%s, %s, %s) images, expected sizes of at least 1"
              .formatted(channels, height, width));
    }
    this.channels = channels;
    this.pixels = height * width;
  }

  /**
   * The image as bright as the map is strong (A. Chattopadhay, A. Sarkar, P. Howlader, V. N.
   * Balasubramanian, "Grad-CAM++", WACV 2018):
   *
   * <pre>{@code E(c, y, x) = I(c, y, x) * max(0, L(y, x)) / max over y, x of L}</pre>
   *
   * A map that is nowhere positive explains nothing, and leaves a black image.
   *
   * @param map L, holds (H, W) from {@code mapOffset}, signed
   * @param image I, from {@code imageOffset}
   * @param target receives E from {@code targetOffset}
   */
  public void explained(
      float[] map,
      int mapOffset,
      float[] image,
      int imageOffset,
      float[] target,
      int targetOffset) {
    requireArrays(image, imageOffset, target, targetOffset);
    Bounds.require("map", map, mapOffset, pixels);
    float strongest = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      strongest = Math.max(strongest, map[mapOffset + pixel]);
    }
    for (int pixel = 0; pixel < pixels; pixel++) {
      float share = strongest == 0 ? 0 : Math.max(0, map[mapOffset + pixel]) / strongest;
      for (int i = pixel; i < channels * pixels; i += pixels) {
        target[targetOffset + i] = image[imageOffset + i] * share;
      }
    }
  }

  /**
   * The image without all but these pixels, in black: RISE inserts pixels into such a canvas.
   *
   * @param order of the pixels
   * @param count how many of them, from the first on, are shown
   */
  public void kept(
      int[] order, int count, float[] image, int imageOffset, float[] target, int targetOffset) {
    requireArrays(image, imageOffset, target, targetOffset);
    Arrays.fill(target, targetOffset, targetOffset + channels * pixels, 0);
    for (int place = 0; place < count; place++) {
      for (int i = order[place]; i < channels * pixels; i += pixels) {
        target[targetOffset + i] = image[imageOffset + i];
      }
    }
  }

  /**
   * The image without these pixels: they are black.
   *
   * @param order of the pixels
   * @param count how many of them, from the first on, are removed
   */
  public void removed(
      int[] order, int count, float[] image, int imageOffset, float[] target, int targetOffset) {
    requireArrays(image, imageOffset, target, targetOffset);
    System.arraycopy(image, imageOffset, target, targetOffset, channels * pixels);
    for (int place = 0; place < count; place++) {
      for (int i = order[place]; i < channels * pixels; i += pixels) {
        target[targetOffset + i] = 0;
      }
    }
  }

  private void requireArrays(float[] image, int imageOffset, float[] target, int targetOffset) {
    Bounds.require("image", image, imageOffset, channels * pixels);
    Bounds.require("masked image", target, targetOffset, channels * pixels);
  }
}
