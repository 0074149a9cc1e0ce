package io.sparkcam.text;

import java.util.Locale;

/** Text that somebody else wrote, made safe to show: a terminal is not to take orders from it. */
public final class Printable {
  private static final int LONGEST = 1_000;

  private Printable() {}

  /**
   * The text on one line: control characters become {@code ?}; format characters, such as those
   * that turn the direction of writing, are written out ({@code \u202e}); what is longer than 1,000
   * characters is cut and says so.
   */
  public static String of(String text) {
    String shown =
        text.length() <= LONGEST
            ? text
            : text.substring(0, LONGEST) + "... (%s characters)".formatted(text.length());
    StringBuilder line = new StringBuilder(shown.length());
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL -> line.append('?');
        case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
            line.append(escaped(c));
        default -> line.append(c);
      }
    }
    return line.toString();
  }

  /** A character that is not seen, written out. */
  static String escaped(int c) {
    return String.format(Locale.ROOT, "\\u%04x", c);
  }
}
