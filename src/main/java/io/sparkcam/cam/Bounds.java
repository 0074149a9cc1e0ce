package io.sparkcam.cam;

/** Checks on slices of a caller's flat arrays. */
final class Bounds {
  private Bounds() {}

  /**
   * Refuses a slice that {@code array} does not hold whole; {@code place} names it in the message.
   */
  static void require(String place, float[] array, int offset, int length) {
    if (offset < 0 || length > array.length - offset) {
      throw new IllegalArgumentException(
          "%s: %s values from offset %s, expected %s"
              .formatted(place, array.length, offset, length));
    }
  }
}
