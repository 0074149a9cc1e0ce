package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import java.io.Serializable;

/** How a record holds its image: as an encoded file, as raw bytes or as numbers. */
public interface ImageForm extends Serializable {
  /** Encoded files; their content says of which format. Records hold {@code byte[]}. */
  static ImageForm encoded(DecodeSettings settings) {
    return new EncodedImages();
  }

  /**
   * Arrays of numbers, flat or nested. Records hold a {@code List} of {@code Number}s, or of such
   * lists. The type of a number says what it is: a {@code Byte} is unsigned, a {@code Float} or
   * {@code Double} may be a fraction.
   */
  static ImageForm numbers(DecodeSettings settings) {
    return settings.arrayShape() == null
        ? PixelArrays.square()
        : PixelArrays.of(settings.arrayShape());
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

  /** Refuses a record of another shape than all have. */
  static void require(ImageShape declared, ImageShape expected) throws BadRecordException {
    if (!declared.equals(expected)) {
      throw new BadRecordException(words(declared) + ", expected " + words(expected));
    }
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
