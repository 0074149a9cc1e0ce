package io.sparkcam.view.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A finished picture. */
public final class Picture {
  static {
    // Nothing here needs a display; without this, a DISPLAY variable makes the JDK look for X11
    // libraries that servers lack.
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  private final int width;
  private final int[] rgb;

  /** Takes the array, row-major 0xRRGGBB, as its own. */
  Picture(int width, int[] rgb) {
    this.width = width;
    this.rgb = rgb;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return rgb.length / width;
  }

  /**
   * The colour of a pixel, 0xRRGGBB; {@code x} counts columns from the left, {@code y} rows from
   * the top.
   */
  public int rgb(int x, int y) {
    return rgb[y * width + x];
  }

  /** The picture as the bytes of a PNG file, the same bytes for the same picture. */
  public byte[] png() {
    BufferedImage image = new BufferedImage(width, height(), BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height(), rgb, 0, width);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // Handed a plain stream, ImageIO would go through a file in the temporary directory.
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java runtime has no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PNG in memory", e);
    }
    return bytes.toByteArray();
  }

  int longestSide() {
    return Math.max(width, height());
  }

  /** Nearest-neighbour enlargement: every pixel becomes a square of that many. */
  Picture enlarged(int factor) {
    int wide = Math.multiplyExact(width, factor);
    int[] enlarged = new int[Math.multiplyExact(wide, height() * factor)];
    for (int i = 0; i < enlarged.length; i++) {
      enlarged[i] = rgb(i % wide / factor, i / wide / factor);
    }
    return new Picture(wide, enlarged);
  }

  /**
   * The picture itself if its longer side is within so many pixels, otherwise the means of squares,
   * as small as it takes; squares at the right and lower edge may be cut.
   */
  public Picture shrunkWithin(int pixels) {
    int square = ceilDiv(longestSide(), pixels);
    if (square == 1) {
      return this;
    }
    int narrow = ceilDiv(width, square);
    int[] shrunk = new int[narrow * ceilDiv(height(), square)];
    for (int i = 0; i < shrunk.length; i++) {
      shrunk[i] = mean(i % narrow * square, i / narrow * square, square, square);
    }
    return new Picture(narrow, shrunk);
  }

  /** The mean colour of a rectangle, as far as it lies inside the picture. */
  int mean(int left, int top, int columns, int rows) {
    int right = Math.min(left + columns, width);
    int bottom = Math.min(top + rows, height());
    long red = 0;
    long green = 0;
    long blue = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        red += Colour.red(rgb(x, y));
        green += Colour.green(rgb(x, y));
        blue += Colour.blue(rgb(x, y));
      }
    }
    double count = (right - left) * (bottom - top);
    return Colour.rgb(red / count, green / count, blue / count);
  }

  private static int ceilDiv(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
