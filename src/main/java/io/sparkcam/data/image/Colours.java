package io.sparkcam.data.image;

/** Conversions of colours, in whole numbers, as Pillow and libjpeg compute them. */
final class Colours {
  private static final int HALF = 1 << 15;

  private Colours() {}

  /** Luma of ITU-R 601-2: 0.299 R + 0.587 G + 0.114 B. */
  static int luma(int red, int green, int blue) {
    return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
  }

  /**
   * Grey or RGB of a picture.
   *
   * @param channels 1 or 3
   * @param background 0xrrggbb under what is transparent, or {@link DecodeSettings#DROP_ALPHA}
   * @return (row, column, channel); the picture's own array where nothing changes
   */
  static byte[] convert(Samples picture, int channels, int background) {
    int bands = picture.bands();
    if (bands == channels) {
      return picture.values();
    }
    byte[] from = picture.values();
    boolean grey = bands <= 2;
    boolean over = bands % 2 == 0 && background != DecodeSettings.DROP_ALPHA;
    byte[] to = new byte[picture.height() * picture.width() * channels];
    int red = background >> 16 & 255;
    int green = background >> 8 & 255;
    int blue = background & 255;
    for (int i = 0, j = 0; i < from.length; i += bands) {
      int r = from[i] & 255;
      int g = grey ? r : from[i + 1] & 255;
      int b = grey ? r : from[i + 2] & 255;
      if (over) {
        int alpha = from[i + bands - 1] & 255;
        r = over(r, red, alpha);
        g = over(g, green, alpha);
        b = over(b, blue, alpha);
      }
      if (channels == 1) {
        to[j++] = (byte) (grey && !over ? r : luma(r, g, b));
      } else {
        to[j++] = (byte) r;
        to[j++] = (byte) g;
        to[j++] = (byte) b;
      }
    }
    return to;
  }

  private static int over(int value, int under, int alpha) {
    return (value * alpha + under * (255 - alpha) + 127) / 255;
  }

  /** Colours that were multiplied by their alpha, as they were before. */
  static void unmultiply(Samples picture) {
    byte[] values = picture.values();
    int bands = picture.bands();
    for (int i = 0; i < values.length; i += bands) {
      int alpha = values[i + bands - 1] & 255;
      for (int band = 0; band < bands - 1 && alpha > 0; band++) {
        values[i + band] = (byte) Math.min(255, (values[i + band] & 255) * 255 / alpha);
      }
    }
  }

  /** Cyan, magenta, yellow and black, 255 is full, to red, green and blue in their places. */
  static void cmykToRgb(byte[] values, int bands) {
    for (int i = 0; i < values.length; i += bands) {
      int white = 255 - (values[i + 3] & 255);
      for (int band = 0; band < 3; band++) {
        int product = (values[i + band] & 255) * white + 128;
        values[i + band] = (byte) Math.max(0, white - (((product >> 8) + product) >> 8));
      }
    }
  }

  /** The first three of more bands. */
  static byte[] first3(Samples picture) {
    byte[] three = new byte[picture.height() * picture.width() * 3];
    for (int i = 0, j = 0; j < three.length; i += picture.bands(), j += 3) {
      System.arraycopy(picture.values(), i, three, j, 3);
    }
    return three;
  }

  /** Y, Cb and Cr of JPEG (JFIF: all of 0 to 255) to red, green and blue in their places. */
  static void yccToRgb(byte[] values, int bands) {
    for (int i = 0; i < values.length; i += bands) {
      int y = values[i] & 255;
      int cb = (values[i + 1] & 255) - 128;
      int cr = (values[i + 2] & 255) - 128;
      values[i] = clip(y + ((91881 * cr + HALF) >> 16));
      values[i + 1] = clip(y + ((-22554 * cb - 46802 * cr + HALF) >> 16));
      values[i + 2] = clip(y + ((116130 * cb + HALF) >> 16));
    }
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
