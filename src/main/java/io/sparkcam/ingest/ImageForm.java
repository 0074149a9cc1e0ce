package io.sparkcam.ingest;

import io.sparkcam.dataset.ImageShape;
import java.io.Serializable;

/** How a record holds its image: as an encoded file or as numbers. */
interface ImageForm extends Serializable {
  /**
   * The shape that the record declares, found without decoding any pixel.
   *
   * @param content what the record holds; null if nothing
   */
  ImageShape shape(Object content) throws BadRecordException;

  /**
   * The pixels of a record of that shape: (channel, row, column), unsigned bytes.
   *
   * @param content as {@link #shape} accepted it
   */
  byte[] pixels(Object content, ImageShape shape) throws BadRecordException;

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

  /** The pixels of a record that must be of that shape; anything else is refused undecoded. */
  default byte[] require(Object content, ImageShape expected) throws BadRecordException {
    ImageShape declared = shape(content);
    if (!declared.equals(expected)) {
      throw new BadRecordException(words(declared) + ", expected " + words(expected));
    }
    return pixels(content, expected);
  }
}
