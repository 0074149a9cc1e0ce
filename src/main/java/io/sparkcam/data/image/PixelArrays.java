package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import java.util.List;

/**
 * Arrays of numbers, whole and 0 to 255, laid out (row, column, channel). Bytes may be signed: -1
 * is 255.
 */
final class PixelArrays implements ImageForm {
  private static final long serialVersionUID = 1L;

  /** Of every image; all 0 where each is square. */
  private final int height;

  private final int width;
  private final int channels;

  private PixelArrays(int height, int width, int channels) {
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  /** Square images, grey or RGB, as the number of values says. */
  static PixelArrays square() {
    return new PixelArrays(0, 0, 0);
  }

  /** Images of this shape. */
  static PixelArrays of(ImageShape shape) {
    return new PixelArrays(shape.height(), shape.width(), shape.channels());
  }

  @Override
  public ImageShape shape(Object content) throws BadRecordException {
    if (content == null) {
      throw new BadRecordException("no image: null");
    }
    int count = ((List<?>) content).size();
    if (height > 0) {
      ImageShape shape = new ImageShape(height, width, channels);
      if (count != shape.size()) {
        throw new BadRecordException(
            count + " values, expected " + shape.size() + " for " + ImageForm.words(shape));
      }
      return shape;
    }
    for (int depth : new int[] {1, 3}) {
      int side = (int) Math.sqrt(count / (double) depth);
      if (side >= 1 && side <= ImageShape.MAX_SIDE && depth * side * side == count) {
        return new ImageShape(side, side, depth);
      }
    }
    throw new BadRecordException(count + " values, which make no square image, grey or RGB");
  }

  @Override
  public byte[] pixels(Object content, ImageShape shape) throws BadRecordException {
    ImageForm.require(shape(content), shape);
    List<?> values = (List<?>) content;
    int plane = shape.height() * shape.width();
    byte[] pixels = new byte[shape.size()];
    int place = 0;
    for (Object value : values) {
      int channel = place % shape.channels();
      pixels[channel * plane + place / shape.channels()] = pixel(value, place);
      place++;
    }
    return pixels;
  }

  private byte pixel(Object value, int place) throws BadRecordException {
    if (value instanceof Byte unsigned) {
      return unsigned;
    }
    double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
    if (!(number >= 0 && number <= 255) || number != Math.rint(number)) {
      throw new BadRecordException(
          "value " + value + " at " + place + ", expected a whole number, 0 to 255");
    }
    return (byte) (int) number;
  }
}
