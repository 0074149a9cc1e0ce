package io.sparkcam.view.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;

/** What several tests draw, and how they read what was drawn. */
final class Samples {
  static final IntFunction<String> NAMES = List.of("T-shirt/top", "Trouser", "Coat")::get;

  private Samples() {}

  /** The lines of a file that reference.py wrote. */
  static List<String> reference(String name) {
    try (InputStream in = Samples.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** A grey diagonal ramp. */
  static ImagePixels image(int height, int width) {
    byte[] values = new byte[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) ((i / width + i % width) * 255 / (height + width));
    }
    return new ImagePixels(height, width, 1, values);
  }

  /** Values that grow from left to right, from 0 to width - 1. */
  static ClassMap map(int classIndex, int height, int width) {
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % width;
    }
    return new ClassMap(classIndex, height, width, values);
  }

  /** A coat, predicted as such. */
  static ExplainedImage coat(long id, float probability, int side) {
    return new ExplainedImage(
        id, 2, 2, probability, image(side, side), map(2, side, side), List.of());
  }

  /** A pair of trousers taken for a coat. */
  static ExplainedImage mistake(long id) {
    return new ExplainedImage(id, 1, 2, 0.6f, image(28, 28), map(2, 28, 28), List.of());
  }

  /** Whether the text stands anywhere in the picture, pixel by pixel, in that colour on white. */
  static boolean shows(Picture picture, String text, int size, int colour) {
    int width = BitmapFont.width(text, size);
    int height = BitmapFont.GLYPH_HEIGHT * size;
    for (int y = 0; y + height <= picture.height(); y++) {
      for (int x = 0; x + width <= picture.width(); x++) {
        if (shows(picture, text, size, colour, x, y)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean shows(
      Picture picture, String text, int size, int colour, int left, int top) {
    for (int x = 0; x < BitmapFont.width(text, size); x++) {
      char character = text.charAt(x / size / BitmapFont.ADVANCE);
      int column = x / size % BitmapFont.ADVANCE;
      for (int y = 0; y < BitmapFont.GLYPH_HEIGHT * size; y++) {
        boolean inked =
            column < BitmapFont.GLYPH_WIDTH && BitmapFont.inked(character, column, y / size);
        if (picture.rgb(left + x, top + y) != (inked ? colour : Colour.WHITE)) {
          return false;
        }
      }
    }
    return true;
  }
}
