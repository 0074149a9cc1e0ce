package io.sparkcam.data.image;

/**
 * What an encoded image says of itself before any pixel is decoded.
 *
 * @param height in pixels, as stored
 * @param width in pixels, as stored
 * @param orientation EXIF's, 1 to 8
 * @param grey whether all its colours are
 * @param alpha whether it has transparency
 */
record ImageHeader(int height, int width, int orientation, boolean grey, boolean alpha) {
  /** As seen. */
  int seenHeight() {
    return orientation >= 5 ? width : height;
  }

  /** As seen. */
  int seenWidth() {
    return orientation >= 5 ? height : width;
  }
}
