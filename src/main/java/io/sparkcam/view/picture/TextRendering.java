package io.sparkcam.view.picture;

import java.util.Arrays;
import java.util.function.IntFunction;

/** An image and its map side by side in characters, at most 75 columns wide, for a terminal. */
public enum TextRendering {
  /** Two pixels a character in 24-bit colour (ANSI escapes): left the image, right the overlay. */
  TRUECOLOR {
    @Override
    Picture left(ImagePixels image, HeatmapOverlay overlay) {
      return overlay.image(image);
    }

    @Override
    Picture right(ExplainedImage explained, HeatmapOverlay overlay) {
      return overlay.layers(explained);
    }

    @Override
    void line(Picture picture, int y, StringBuilder text) {
      for (int x = 0; x < picture.width(); x++) {
        escape(text, 38, picture.rgb(x, y));
        if (y + 1 < picture.height()) {
          escape(text, 48, picture.rgb(x, y + 1));
        }
        text.append('\u2580');
      }
      text.append("\u001b[0m");
    }
  },

  /**
   * Plain ASCII, {@code " .:-=+*#%@"} from the least to the greatest: left the image's brightness,
   * right the map; a blank where the map has no value. Two pixels, one above the other, share a
   * character.
   */
  ASCII {
    @Override
    Picture left(ImagePixels image, HeatmapOverlay overlay) {
      return image.coloured(Colormap.GRAY);
    }

    @Override
    Picture right(ExplainedImage explained, HeatmapOverlay overlay) {
      ClassMap map = explained.map();
      int[] argb = map.argb(Colormap.GRAY, overlay.scale(map));
      return new Picture(
          map.width(), Arrays.stream(argb).map(colour -> colour & 0xffffff).toArray());
    }

    @Override
    void line(Picture picture, int y, StringBuilder text) {
      for (int x = 0; x < picture.width(); x++) {
        int brightness = Colour.luminance(picture.mean(x, y, 1, 2));
        text.append(RAMP.charAt(brightness * RAMP.length() / 256));
      }
    }

    @Override
    String least() {
      return " (blank)";
    }

    @Override
    String greatest() {
      return " (@)";
    }
  };

  private static final String RAMP = " .:-=+*#%@";
  private static final int LONGEST_SIDE = 36;
  private static final String GAP = "   ";

  /**
   * The lines, each ended by a newline. Larger images are shrunk to at most 36 pixels by the means
   * of squares; boxes are not drawn.
   */
  public String render(ExplainedImage explained, HeatmapOverlay overlay) {
    Picture left = left(explained.image(), overlay).shrunkWithin(LONGEST_SIDE);
    Picture right = right(explained, overlay).shrunkWithin(LONGEST_SIDE);
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < left.height(); y += 2) {
      line(left, y, text);
      text.append(GAP);
      line(right, y, text);
      text.append('\n');
    }
    return text.toString();
  }

  /**
   * What is to be seen, in one line: {@code image 17, true: Coat; evidence for Shirt from -2.31
   * (blank) to 7.18 (@)}, without the characters where colours stand for them.
   *
   * @param classNames what to call each class
   */
  public String caption(
      ExplainedImage explained, HeatmapOverlay overlay, IntFunction<String> classNames) {
    StringBuilder text = new StringBuilder("image ").append(explained.id());
    explained.trueClass().ifPresent(c -> text.append(", true: ").append(classNames.apply(c)));
    text.append("; evidence for ").append(explained.map().subject(classNames));
    Scale scale = overlay.scale(explained.map());
    text.append(" from ").append(Legend.number(scale.low())).append(least());
    text.append(" to ").append(Legend.number(scale.high())).append(greatest());
    if (this != ASCII && overlay.tint().tells()) {
      text.append("; ").append(overlay.tint().meaning());
    }
    return text.append('\n').toString();
  }

  /** The image alone, in the same way. */
  public String render(ImagePixels image, HeatmapOverlay overlay) {
    Picture picture = left(image, overlay).shrunkWithin(LONGEST_SIDE);
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < picture.height(); y += 2) {
      line(picture, y, text);
      text.append('\n');
    }
    return text.toString();
  }

  /** What stands for the least value, where it is a character. */
  String least() {
    return "";
  }

  String greatest() {
    return "";
  }

  abstract Picture left(ImagePixels image, HeatmapOverlay overlay);

  abstract Picture right(ExplainedImage explained, HeatmapOverlay overlay);

  abstract void line(Picture picture, int y, StringBuilder text);

  private static void escape(StringBuilder text, int plane, int rgb) {
    text.append("\u001b[").append(plane).append(";2;").append(Colour.red(rgb));
    text.append(';').append(Colour.green(rgb)).append(';').append(Colour.blue(rgb)).append('m');
  }
}
