package io.sparkcam.view.picture;

import java.util.ArrayList;
import java.util.List;

/** Paragraphs, each in its colour, wrapped to the width they are drawn in. */
final class TextBlock {
  /** Pixels to a font pixel: capitals are 14 pixels high. */
  static final int SIZE = 2;

  private final List<String> paragraphs = new ArrayList<>();
  private final List<Integer> colours = new ArrayList<>();

  TextBlock add(String paragraph) {
    return add(paragraph, Colour.INK);
  }

  TextBlock add(String paragraph, int colour) {
    paragraphs.add(paragraph);
    colours.add(colour);
    return this;
  }

  int height(int width) {
    int lines = 0;
    for (String paragraph : paragraphs) {
      lines += wrapped(paragraph, width).size();
    }
    return lines * BitmapFont.LINE * SIZE;
  }

  void draw(Canvas canvas, int left, int top, int width) {
    int y = top;
    for (int i = 0; i < paragraphs.size(); i++) {
      for (String line : wrapped(paragraphs.get(i), width)) {
        canvas.text(line, left, y, SIZE, colours.get(i));
        y += BitmapFont.LINE * SIZE;
      }
    }
  }

  private static List<String> wrapped(String paragraph, int width) {
    return BitmapFont.wrapped(paragraph, BitmapFont.columns(width, SIZE));
  }
}
