package io.sparkcam.view.picture;

import java.util.Arrays;

/** A white sheet to draw on. */
final class Canvas {
  private final int width;
  private final int[] rgb;

  Canvas(int width, int height) {
    this.width = width;
    rgb = new int[Math.multiplyExact(width, height)];
    Arrays.fill(rgb, Colour.WHITE);
  }

  int height() {
    return rgb.length / width;
  }

  /** Ends the drawing. */
  Picture picture() {
    return new Picture(width, rgb);
  }

  void fill(int left, int top, int columns, int rows, int colour) {
    for (int y = top; y < top + rows; y++) {
      Arrays.fill(rgb, y * width + left, y * width + left + columns, colour);
    }
  }

  /** The border of a rectangle, drawn inside it. */
  void frame(int left, int top, int columns, int rows, int thickness, int colour) {
    int across = Math.min(thickness, columns);
    int down = Math.min(thickness, rows);
    fill(left, top, columns, down, colour);
    fill(left, top + rows - down, columns, down, colour);
    fill(left, top, across, rows, colour);
    fill(left + columns - across, top, across, rows, colour);
  }

  void paste(Picture picture, int left, int top) {
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        rgb[(top + y) * width + left + x] = picture.rgb(x, y);
      }
    }
  }

  /**
   * One line of {@linkplain BitmapFont#printable printable} text, every font pixel a square of
   * {@code size} pixels.
   */
  void text(String line, int left, int top, int size, int colour) {
    for (int i = 0; i < line.length(); i++) {
      for (int row = 0; row < BitmapFont.GLYPH_HEIGHT; row++) {
        for (int column = 0; column < BitmapFont.GLYPH_WIDTH; column++) {
          if (BitmapFont.inked(line.charAt(i), column, row)) {
            int x = left + (i * BitmapFont.ADVANCE + column) * size;
            fill(x, top + row * size, size, size, colour);
          }
        }
      }
    }
  }
}
