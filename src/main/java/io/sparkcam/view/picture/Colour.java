package io.sparkcam.view.picture;

/** Arithmetic on 0xAARRGGBB and 0xRRGGBB colours. */
final class Colour {
  static final int WHITE = 0xffffff;
  static final int INK = 0x222222;
  static final int FAINT = 0x777777;
  static final int WRONG = 0xb3261e;

  private Colour() {}

  static int red(int rgb) {
    return (rgb >> 16) & 0xff;
  }

  static int green(int rgb) {
    return (rgb >> 8) & 0xff;
  }

  static int blue(int rgb) {
    return rgb & 0xff;
  }

  static boolean opaque(int argb) {
    return argb >>> 24 == 0xff;
  }

  static int rgb(double red, double green, double blue) {
    return ((int) Math.round(red) << 16) | ((int) Math.round(green) << 8) | (int) Math.round(blue);
  }

  /**
   * {@code share} of the upper colour over the rest of the lower one, each channel on its own,
   * rounded.
   */
  static int blend(int lower, int upper, double share) {
    return rgb(
        red(lower) + share * (red(upper) - red(lower)),
        green(lower) + share * (green(upper) - green(lower)),
        blue(lower) + share * (blue(upper) - blue(lower)));
  }

  /** Perceived brightness, 0..255, of grey its own value (ITU-R BT.601). */
  static int luminance(int rgb) {
    return (299 * red(rgb) + 587 * green(rgb) + 114 * blue(rgb) + 500) / 1000;
  }
}
