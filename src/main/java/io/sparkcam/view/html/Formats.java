package io.sparkcam.view.html;

import java.util.Locale;

/** Numbers as the page writes them. */
final class Formats {
  /** In the place of a number that there is none of. */
  static final String NONE = "\u2013";

  private Formats() {}

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String images(long count) {
    return count(count) + (count == 1 ? " image" : " images");
  }

  /** Four decimals. */
  static String decimal(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : NONE;
  }

  /** Two decimals, with a true minus sign. */
  static String value(double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%.2f", value).replace('-', '\u2212')
        : NONE;
  }

  /** Both ends. */
  static String range(double low, double high) {
    return value(low) + " to " + value(high);
  }

  /** Three decimals, of a whole that may be nothing. */
  static String share(long part, long whole) {
    return whole == 0 ? NONE : String.format(Locale.ROOT, "%.3f", (double) part / whole);
  }

  static String percent(long part, long whole) {
    return whole == 0 ? NONE : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
  }
}
