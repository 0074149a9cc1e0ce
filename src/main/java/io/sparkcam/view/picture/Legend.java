package io.sparkcam.view.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * What the colours of a map mean: colour bars as they look over white, what stands at their ends,
 * and remarks below.
 *
 * @param colormaps a bar each, one below the other
 * @param low at the left end
 * @param high at the right end
 */
record Legend(List<Colormap> colormaps, String low, String high, TextBlock remarks) {
  private static final int BAR = 14;
  private static final int GAP = 4;

  /** A value in three significant digits. */
  static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
    double size = Math.abs(value);
    return size == 0 || (size >= 1e-3 && size < 1e6) ? rounded.toPlainString() : rounded.toString();
  }

  int height(int width) {
    return bars() + BitmapFont.LINE * TextBlock.SIZE + remarks.height(width);
  }

  void draw(Canvas canvas, int left, int top, int width) {
    for (int bar = 0; bar < colormaps.size(); bar++) {
      for (int x = 0; x < width; x++) {
        int colour = colormaps.get(bar).argb(x / (width - 1.0));
        colour = Colour.blend(Colour.WHITE, colour, HeatmapOverlay.ALPHA);
        canvas.fill(left + x, top + bar * BAR, 1, BAR, colour);
      }
    }
    int y = top + bars();
    int right = left + width - BitmapFont.width(high, TextBlock.SIZE);
    canvas.text(low, left, y, TextBlock.SIZE, Colour.INK);
    canvas.text(high, right, y, TextBlock.SIZE, Colour.INK);
    remarks.draw(canvas, left, y + BitmapFont.LINE * TextBlock.SIZE, width);
  }

  private int bars() {
    return colormaps.size() * BAR + GAP;
  }
}
