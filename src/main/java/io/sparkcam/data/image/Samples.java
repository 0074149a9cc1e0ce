package io.sparkcam.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * A decoded picture as it is stored: grey, grey and alpha, RGB, or RGB and alpha.
 *
 * @param bands 1 to 4
 * @param values (row, column, band), unsigned bytes; not a copy
 */
@SuppressWarnings("ArrayRecordComponent") // handed on from step to step
record Samples(int height, int width, int bands, byte[] values) {
  /**
   * Samples of a picture, whatever colour profile comes with it.
   *
   * @param greyBits significant bits of grey of 16 bits, 9 to 16
   */
  static Samples of(BufferedImage image, int greyBits) throws BadRecordException {
    ColorModel colours = image.getColorModel();
    if (colours instanceof IndexColorModel palette) {
      return ofPalette(image.getRaster(), palette);
    }
    int type = image.getSampleModel().getDataType();
    if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE) {
      throw new BadRecordException("samples are fractions, expected whole numbers");
    }
    Samples stored = stored(image.getRaster(), colours, greyBits);
    if (colours.getColorSpace().getType() == ColorSpace.TYPE_CMYK && stored.bands >= 4) {
      Colours.cmykToRgb(stored.values, stored.bands);
      return new Samples(stored.height, stored.width, 3, Colours.first3(stored));
    }
    if (stored.bands > 4 || (stored.bands % 2 == 0) != colours.hasAlpha()) {
      throw new BadRecordException(stored.bands + " samples a pixel, neither grey nor RGB");
    }
    if (colours.isAlphaPremultiplied()) {
      Colours.unmultiply(stored);
    }
    return stored;
  }

  private static Samples ofPalette(Raster raster, IndexColorModel palette) {
    boolean grey = isGrey(palette);
    boolean alpha = palette.hasAlpha();
    int bands = (grey ? 1 : 3) + (alpha ? 1 : 0);
    int size = palette.getMapSize();
    byte[] entries = new byte[bands << palette.getPixelSize()];
    for (int i = 0; i < size; i++) {
      entries[i * bands] = (byte) palette.getRed(i);
      if (!grey) {
        entries[i * bands + 1] = (byte) palette.getGreen(i);
        entries[i * bands + 2] = (byte) palette.getBlue(i);
      }
      if (alpha) {
        entries[i * bands + bands - 1] = (byte) palette.getAlpha(i);
      }
    }
    int width = raster.getWidth();
    byte[] values = new byte[raster.getHeight() * width * bands];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int index : row) {
        for (int band = 0; band < bands; band++) {
          values[to++] = entries[index * bands + band];
        }
      }
    }
    return new Samples(raster.getHeight(), width, bands, values);
  }

  private static Samples stored(Raster raster, ColorModel colours, int greyBits) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] values = bytes(raster);
    if (values != null) {
      return new Samples(height, width, bands, values);
    }
    values = new byte[height * width * bands];
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i++) {
        int bits = colours.getComponentSize(i % bands);
        values[y * row.length + i] = (byte) eight(row[i], bits, bands == 1 ? greyBits : 0);
      }
    }
    return new Samples(height, width, bands, values);
  }

  /** One sample as 8 bits. */
  private static int eight(int value, int bits, int greyBits) {
    if (bits == 16) {
      return switch (greyBits) {
        case 0 -> value >> 8;
        case 16 -> (value + 128) / 257;
        default -> Math.min(255, value >> (greyBits - 8));
      };
    }
    return bits == 8 ? value : value * 255 / ((1 << bits) - 1);
  }

  /** Interleaved bytes in the order of the bands, mostly without a copy; null if it has others. */
  static byte[] bytes(Raster raster) {
    if (!(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
        || !(raster.getDataBuffer() instanceof DataBufferByte data)
        || raster.getSampleModelTranslateX() != 0
        || raster.getSampleModelTranslateY() != 0) {
      return null;
    }
    int bands = model.getNumBands();
    int[] offsets = model.getBandOffsets();
    int pixels = raster.getHeight() * raster.getWidth();
    if (model.getPixelStride() != bands
        || model.getScanlineStride() != bands * raster.getWidth()
        || data.getOffset() != 0
        || data.getSize() != pixels * bands) {
      return null;
    }
    byte[] values = data.getData();
    boolean reversed = bands >= 3 && offsets[0] == 2 && offsets[1] == 1 && offsets[2] == 0;
    boolean alphaFirst = bands == 4 && offsets[0] == 3 && offsets[1] == 2 && offsets[2] == 1;
    if (alphaFirst) {
      for (int i = 0; i < values.length; i += 4) {
        byte alpha = values[i];
        byte green = values[i + 2];
        byte red = values[i + 3];
        values[i + 2] = values[i + 1];
        values[i] = red;
        values[i + 1] = green;
        values[i + 3] = alpha;
      }
    } else if (reversed) {
      for (int i = 0; i < values.length; i += bands) {
        byte blue = values[i];
        values[i] = values[i + 2];
        values[i + 2] = blue;
      }
    } else {
      for (int band = 0; band < bands; band++) {
        if (offsets[band] != band) {
          return null;
        }
      }
    }
    return values;
  }

  static boolean isGrey(ColorModel colours) {
    if (!(colours instanceof IndexColorModel palette)) {
      return colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    }
    // So come the PNGs of 1, 2 and 4 bits a pixel, too.
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /** The same picture, turned and mirrored as EXIF's orientation says, 1 to 8. */
  Samples oriented(int orientation) {
    if (orientation == 1) {
      return this;
    }
    boolean swapped = orientation >= 5;
    int h = swapped ? width : height;
    int w = swapped ? height : width;
    byte[] turned = new byte[values.length];
    int to = 0;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int row =
            switch (orientation) {
              case 2 -> y;
              case 3, 4 -> height - 1 - y;
              case 5, 8 -> x;
              default -> height - 1 - x; // 6, 7
            };
        int column =
            switch (orientation) {
              case 2, 3 -> width - 1 - x;
              case 4 -> x;
              case 5, 6 -> y;
              default -> width - 1 - y; // 7, 8
            };
        int from = (row * width + column) * bands;
        for (int band = 0; band < bands; band++) {
          turned[to++] = values[from++];
        }
      }
    }
    return new Samples(h, w, bands, turned);
  }
}
