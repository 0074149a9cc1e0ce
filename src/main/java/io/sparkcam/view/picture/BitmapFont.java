package io.sparkcam.view.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The letters of every picture: fixed-width glyphs of 5 by 9 pixels (7 above the baseline, 2 below)
 * for printable ASCII. The JDK's own text drawing needs fonts and font libraries that slim servers
 * do not have, and differs from one to the next.
 */
final class BitmapFont {
  static final int GLYPH_WIDTH = 5;
  static final int GLYPH_HEIGHT = 9;

  /** From one character to the next. */
  static final int ADVANCE = 6;

  /** From one line to the next. */
  static final int LINE = 11;

  private static final char FIRST = ' ';

  /** The glyph after the last printable one: a box, for what has no glyph. */
  private static final char UNKNOWN = 127;

  private static final String ELLIPSIS = "..";

  /** Bands of 16 glyphs in ASCII order, each cell 5 by 9 plus a blank column and a blank line. */
  private static final int BAND = 16;

  private static final List<String> ROWS = rows();

  private BitmapFont() {}

  /** Whether a pixel of a {@linkplain #printable printable} character's glyph is set. */
  static boolean inked(char character, int column, int row) {
    int glyph = character - FIRST;
    return ROWS.get(glyph / BAND * (GLYPH_HEIGHT + 1) + row)
            .charAt(glyph % BAND * (GLYPH_WIDTH + 1) + column)
        == '#';
  }

  /** How many pixels a line takes when every font pixel is a square of {@code size} pixels. */
  static int width(String line, int size) {
    return (line.length() * ADVANCE - 1) * size;
  }

  /** How many characters fit into so many pixels. */
  static int columns(int pixels, int size) {
    return (pixels / size + 1) / ADVANCE;
  }

  /**
   * The text in characters that have glyphs: accents dropped, white space as spaces, a box for each
   * other character.
   */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    Normalizer.normalize(text, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .map(c -> Character.isWhitespace(c) ? ' ' : c)
        .forEach(c -> printable.append(c >= FIRST && c < UNKNOWN ? (char) c : UNKNOWN));
    return printable.toString();
  }

  /** The text in lines of at most so many characters, broken at spaces where it can be. */
  static List<String> wrapped(String text, int columns) {
    List<String> lines = new ArrayList<>();
    String rest = printable(text).strip();
    while (rest.length() > columns) {
      int space = rest.lastIndexOf(' ', columns);
      int end = space > 0 ? space : columns;
      lines.add(rest.substring(0, end).strip());
      rest = rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }

  /**
   * The text in one line of at most so many characters, its end replaced by two dots where it is
   * longer.
   */
  static String elided(String text, int columns) {
    String line = printable(text);
    return line.length() <= columns
        ? line
        : line.substring(0, Math.max(0, columns - ELLIPSIS.length())) + ELLIPSIS;
  }

  private static List<String> rows() {
    try (InputStream in = BitmapFont.class.getResourceAsStream("glyphs.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("glyphs.txt", e);
    }
  }
}
