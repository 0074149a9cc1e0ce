package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * How images become pixels. All of it determines the result.
 *
 * @param resize the size that images are brought to; null where they keep theirs
 * @param channels of the pixels; what most images have where it is {@link Channels#MAJORITY}
 * @param background 0xrrggbb that transparent images are laid on; {@link #DROP_ALPHA} where
 *     transparency is dropped
 * @param greyBits significant bits of grey images of 16 bits, 9 to 16; 0: as the file says, else 16
 * @param arrayShape of arrays of numbers and of raw bytes; null where they are square or nested.
 *     Four channels are red, green, blue, alpha
 * @param arrayLayout of flat arrays of several channels
 * @param arrayWhite the number that is white in arrays, 1 or 255; 0: 255, and arrays of 0 to 1,
 *     which could be of either, are refused
 */
public record DecodeSettings(
    Resize resize,
    Channels channels,
    int background,
    int greyBits,
    ImageShape arrayShape,
    ArrayLayout arrayLayout,
    int arrayWhite)
    implements Serializable {
  /** No background: colours are taken as they are stored, whatever their alpha is. */
  public static final int DROP_ALPHA = -1;

  private static final int WHITE = 255;

  /** Sizes are kept, channels are those of most images, alpha is dropped. */
  public static final DecodeSettings DEFAULT =
      new DecodeSettings(null, Channels.MAJORITY, DROP_ALPHA, 0, null, ArrayLayout.EVIDENT, 0);

  /** Channels of the pixels. */
  public enum Channels {
    /** Of most of the images. */
    MAJORITY(0),
    GREY(1),
    RGB(3);

    private final int count;

    Channels(int count) {
      this.count = count;
    }

    /** 1 or 3; empty where images decide. */
    public OptionalInt count() {
      return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
    }
  }

  /** The order of the numbers of an array. */
  public enum ArrayLayout {
    /** (row, column, channel) where the numbers leave no doubt, else refused. */
    EVIDENT,
    /** (row, column, channel). */
    HWC,
    /** (channel, row, column). */
    CHW
  }

  /**
   * The size of the pixels.
   *
   * @param mode how images of another aspect ratio come to it
   * @param filter how pixels are interpolated
   */
  public record Resize(int height, int width, Mode mode, Filter filter) implements Serializable {
    /** How images of another aspect ratio come to a size. */
    public enum Mode {
      /** Covers the size, then the centre is cut out. */
      CROP,
      /** Fits into the size, the rest is black. */
      FIT,
      /** Height and width are brought to the size each for itself. */
      STRETCH
    }

    /** How pixels are interpolated. Both are antialiased. */
    public enum Filter {
      BILINEAR,
      BICUBIC
    }
  }

  /** The same for raw bytes of pixels, (row, column, channel). */
  public DecodeSettings ofRawPixels(ImageShape shape) {
    return new DecodeSettings(
        resize, channels, background, greyBits, shape, ArrayLayout.HWC, WHITE);
  }

  /** The shape of the pixels of an image that is stored with this one. */
  public ImageShape shape(int height, int width, int channels) {
    int own = this.channels.count().orElse(channels);
    return resize == null
        ? new ImageShape(height, width, own)
        : new ImageShape(resize.height(), resize.width(), own);
  }

  /** Stored samples, seen upright, as the pixels that are asked for: (channel, row, column). */
  byte[] finish(Samples picture, int channels) {
    byte[] pixels = Colours.convert(picture, channels, background);
    if (resize != null) {
      pixels = Resizer.resize(pixels, picture.height(), picture.width(), channels, resize);
    }
    return ImageForm.planes(pixels, channels);
  }
}
