package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import java.io.Serializable;

/** How a record holds its image: as an encoded file, as raw bytes or as numbers. */
public interface ImageForm extends Serializable {
  /** Encoded files; their content says of which format. Records hold {@code byte[]}. */
  static ImageForm encoded(DecodeSettings settings) {
    return new EncodedImages(settings, "");
  }

  /**
   * Arrays of numbers, flat or nested. Records hold a {@code List} of {@code Number}s, or of such
   * lists. The type of a number says what it is: a {@code Byte} is unsigned, a {@code Float} or
   * {@code Double} may be a fraction, a {@code Boolean} is black or white.
   */
  static ImageForm numbers(DecodeSettings settings) {
    return new PixelArrays(settings);
  }

  /**
   * Binary values of a table: raw pixels where {@link DecodeSettings#arrayShape} is given, else
   * encoded files. Records hold {@code byte[]}.
   */
  static ImageForm binary(DecodeSettings settings) {
    return settings.arrayShape() == null
        ? new EncodedImages(settings, "; pixels themselves want --array-shape")
        : new PixelArrays.Raw(settings);
  }

  /**
   * The shape of the pixels that the record would give on its own, found without decoding any: the
   * vote of this record.
   *
   * @param content what the record holds; null if nothing
   */
  ImageShape shape(Object content) throws BadRecordException;

  /**
   * The pixels of a record as an image of the shape that all have: (channel, row, column), unsigned
   * bytes. Another size is refused, before anything is decoded.
   *
   * @param content what the record holds; null if nothing
   */
  byte[] pixels(Object content, ImageShape shape) throws BadRecordException;

  /** Whether the record declares transparency. */
  default boolean transparent(Object content) throws BadRecordException {
    return false;
  }

  /** Refuses a record of another size than all have; grey and RGB become each other. */
  static void requireSize(ImageShape declared, ImageShape expected) throws BadRecordException {
    if (declared.height() != expected.height() || declared.width() != expected.width()) {
      throw new BadRecordException(
          "%s, expected %s; --resize brings images to one size"
              .formatted(words(declared), words(expected)));
    }
  }

  /** (row, column, channel) as (channel, row, column). */
  static byte[] planes(byte[] pixels, int channels) {
    if (channels == 1) {
      return pixels;
    }
    int plane = pixels.length / channels;
    byte[] planes = new byte[pixels.length];
    for (int channel = 0; channel < channels; channel++) {
      for (int i = channel, to = channel * plane; i < pixels.length; i += channels) {
        planes[to++] = pixels[i];
      }
    }
    return planes;
  }

  /** The shape in words: {@code 64x48 RGB}, rows first. */
  static String words(ImageShape shape) {
    String channels =
        switch (shape.channels()) {
          case 1 -> "grey";
          case 3 -> "RGB";
          default -> shape.channels() + " channels";
        };
    return shape.height() + "x" + shape.width() + " " + channels;
  }
}
