package io.sparkcam.view.html;

import io.sparkcam.view.picture.Colormap;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What colours mean.
 *
 * @param low at the left end
 * @param high at the right end
 * @param meaning in words
 * @param veil how the colours lie on white
 */
record ColourBar(Colormap colormap, String low, String high, String meaning, Veil veil) {
  /** How colours lie on white. */
  enum Veil {
    OPAQUE,
    HALF
  }

  private static final int STOPS = 16;

  /** Of maps alone. */
  static ColourBar ofMaps(Colormap colormap, String low, String high, String meaning) {
    return new ColourBar(colormap, low, high, meaning, Veil.OPAQUE);
  }

  /** Of maps over images. */
  static ColourBar ofOverlays(Colormap colormap, String meaning) {
    return new ColourBar(colormap, "least", "greatest", meaning, Veil.HALF);
  }

  /** As CSS writes it. */
  String gradient() {
    return IntStream.rangeClosed(0, STOPS)
        .mapToObj(i -> colour((double) i / STOPS))
        .collect(Collectors.joining(",", "linear-gradient(90deg,", ")"));
  }

  private String colour(double position) {
    int rgb = colormap.argb(position) & 0xffffff;
    if (veil == Veil.HALF) {
      // half of each channel's distance to white
      rgb = 0xffffff - (((0xffffff - rgb) >> 1) & 0x7f7f7f);
    }
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
