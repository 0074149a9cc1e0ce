package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.DecodeSettings.ArrayLayout;
import java.util.AbstractList;
import java.util.List;

/**
 * Arrays of numbers: whole ones of 0 to 255, where bytes may be signed (-1 is 255), or numbers of 0
 * to a white that is 1 or 255; booleans, of which true is white; and raw bytes. What could be read
 * in two ways is refused, and the message names the option that settles it.
 */
final class PixelArrays implements ImageForm {
  private static final long serialVersionUID = 1L;

  /**
   * How much smaller the steps from row to row must be for one layout to be seen in the numbers.
   */
  private static final double CLEARLY = 0.8;

  /** Of fewer rows nothing can be seen. */
  private static final int SEEN = 8;

  private final DecodeSettings settings;

  PixelArrays(DecodeSettings settings) {
    this.settings = settings;
  }

  /** Where the values of an image are. */
  private record Layout(int height, int width, int channels, boolean channelsFirst) {
    int size() {
      return height * width * channels;
    }
  }

  /**
   * The values of a list of lists of lists, in their order, and how many there are at each level.
   */
  private static final class Values {
    private static final int DEEPEST = 3;

    final int[] sizes = new int[DEEPEST];
    final double[] values;
    int depth;
    private int count;

    private Values(List<?> outer) throws BadRecordException {
      long size = 1;
      Object at = outer;
      while (at instanceof List<?> list) {
        if (depth == DEEPEST) {
          throw new BadRecordException(
              "lists in lists in lists in lists, expected no pixels so deep");
        }
        sizes[depth++] = list.size();
        size *= list.size();
        if (size > (long) ImageShape.MAX_SIDE * ImageShape.MAX_SIDE * ImageShape.MAX_CHANNELS) {
          throw new BadRecordException("more than " + size + " values");
        }
        at = list.isEmpty() ? null : list.get(0);
      }
      values = new double[(int) size];
      add(outer, 0);
    }

    static Values of(Object content) throws BadRecordException {
      if (content == null) {
        throw new BadRecordException("no image: null");
      }
      return new Values((List<?>) content);
    }

    private void add(List<?> list, int level) throws BadRecordException {
      if (list.size() != sizes[level]) {
        throw new BadRecordException(
            "lists of %s and %s values side by side".formatted(sizes[level], list.size()));
      }
      for (Object element : list) {
        if (level + 1 < depth) {
          if (!(element instanceof List<?> below)) {
            throw new BadRecordException("a list and " + element + " side by side");
          }
          add(below, level + 1);
        } else {
          values[count++] = number(element);
        }
      }
    }

    private double number(Object element) {
      if (element instanceof Byte unsigned) {
        return unsigned & 0xff;
      }
      if (element instanceof Boolean yes) {
        return yes ? 255 : 0;
      }
      return element instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** Mean difference of values that lie so far apart in their order. */
    double step(int distance) {
      double sum = 0;
      for (int i = distance; i < values.length; i++) {
        sum += Math.abs(values[i] - values[i - distance]);
      }
      return sum / Math.max(1, values.length - distance);
    }
  }

  @Override
  public ImageShape shape(Object content) throws BadRecordException {
    return shape(layout(Values.of(content)));
  }

  @Override
  public boolean transparent(Object content) throws BadRecordException {
    return layout(Values.of(content)).channels == 4;
  }

  @Override
  public byte[] pixels(Object content, ImageShape shape) throws BadRecordException {
    Values values = Values.of(content);
    Layout layout = layout(values);
    ImageForm.requireSize(shape(layout), shape);
    double white = white(values);
    int plane = layout.height * layout.width;
    byte[] samples = new byte[layout.size()];
    for (int i = 0; i < samples.length; i++) {
      int to = layout.channelsFirst ? i % plane * layout.channels + i / plane : i;
      samples[to] = pixel(values.values[i], white, i);
    }
    return settings.finish(
        new Samples(layout.height, layout.width, layout.channels, samples), shape.channels());
  }

  private ImageShape shape(Layout layout) {
    return settings.shape(layout.height, layout.width, layout.channels == 1 ? 1 : 3);
  }

  private Layout layout(Values values) throws BadRecordException {
    int count = values.values.length;
    ImageShape given = settings.arrayShape();
    if (given != null) {
      if (count != given.size()) {
        throw new BadRecordException(
            count + " values, expected " + given.size() + " for " + ImageForm.words(given));
      }
      return settled(values, given.height(), given.width(), given.channels());
    }
    return values.depth == 1 ? flat(values) : nested(values);
  }

  /** Rows of columns, or rows of columns of channels. */
  private Layout nested(Values values) throws BadRecordException {
    int[] sizes = values.sizes;
    if (values.depth == 2) {
      return checked(sizes[0], sizes[1], 1, false);
    }
    boolean first = isChannels(sizes[0]);
    boolean last = isChannels(sizes[2]);
    if (settings.arrayLayout() == ArrayLayout.CHW && first) {
      return checked(sizes[1], sizes[2], sizes[0], true);
    }
    if (last && (settings.arrayLayout() == ArrayLayout.HWC || !first)) {
      return checked(sizes[0], sizes[1], sizes[2], false);
    }
    throw new BadRecordException(
        "lists of %sx%sx%s values; %s"
            .formatted(
                sizes[0],
                sizes[1],
                sizes[2],
                first
                    ? "--array-layout chw takes the first as channels, hwc the last"
                    : "expected 1, 3 or 4 channels"));
  }

  private static boolean isChannels(int size) {
    return size == 1 || size == 3 || size == 4;
  }

  private static Layout checked(int height, int width, int channels, boolean first)
      throws BadRecordException {
    int longest = Math.max(height, width);
    if (Math.min(height, width) < 1 || longest > ImageShape.MAX_SIDE) {
      throw new BadRecordException(
          "%sx%s values, expected 1 to %s a side".formatted(height, width, ImageShape.MAX_SIDE));
    }
    return new Layout(height, width, channels, first);
  }

  /** A square, grey or RGB, as the number of values says. */
  private Layout flat(Values values) throws BadRecordException {
    int count = values.values.length;
    int side = (int) Math.round(Math.sqrt(count));
    if (side * side == count && count > 0) {
      if (side % 2 == 0 && side / 2 >= SEEN && looksLikeFourChannels(values, side)) {
        throw new BadRecordException(
            "%s values look like 4 channels; --array-shape %sx%sx4 or %sx%sx1 says what they are"
                .formatted(count, side / 2, side / 2, side, side));
      }
      return checked(side, side, 1, false);
    }
    int third = (int) Math.round(Math.sqrt(count / 3.0));
    if (3 * third * third == count && count > 0) {
      return settled(values, third, third, 3);
    }
    throw new BadRecordException(
        count
            + " values, which make no square image, grey or RGB; --array-shape says what they are");
  }

  /** Of one shape, whose layout is given or can be seen. */
  private Layout settled(Values values, int height, int width, int channels)
      throws BadRecordException {
    if (channels > 1 && settings.arrayLayout() == ArrayLayout.EVIDENT && height >= SEEN) {
      // From row to row of a picture the steps are smaller than to where no row begins.
      if (values.step(width) < CLEARLY * values.step(channels * width)) {
        throw new BadRecordException(
            "%s values look like channels first; --array-layout chw or hwc says what they are"
                .formatted(values.values.length));
      }
    }
    return checked(height, width, channels, settings.arrayLayout() == ArrayLayout.CHW);
  }

  /** Rows of twice the length, and neighbours that are four values apart. */
  private static boolean looksLikeFourChannels(Values values, int side) {
    return values.step(2 * side) < CLEARLY * values.step(side)
        && values.step(4) < CLEARLY * values.step(1);
  }

  /** The number that is white. */
  private double white(Values values) throws BadRecordException {
    if (settings.arrayWhite() != 0) {
      return settings.arrayWhite();
    }
    double least = 0;
    double greatest = 0;
    for (double value : values.values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    if (least == 0 && greatest > 0 && greatest <= 1) {
      throw new BadRecordException(
          "numbers of 0 to 1; --array-white 1 takes 1 as white, 255 as almost black");
    }
    return 255;
  }

  private static byte pixel(double value, double white, int place) throws BadRecordException {
    double scaled = white == 1 ? Math.rint(value * 255) : value;
    if (!(value >= 0 && value <= white) || scaled != Math.rint(scaled)) {
      throw new BadRecordException(
          "value %s at %s, expected %s"
              .formatted(
                  value == (long) value ? Long.toString((long) value) : Double.toString(value),
                  place,
                  white == 1 ? "0 to 1" : "a whole number, 0 to 255"));
    }
    return (byte) (int) scaled;
  }

  /** Raw bytes of pixels, of the shape that is given. */
  static final class Raw implements ImageForm {
    private static final long serialVersionUID = 1L;

    private final PixelArrays arrays;

    Raw(DecodeSettings settings) {
      arrays = new PixelArrays(settings);
    }

    private static List<Byte> list(Object content) {
      return content == null ? null : new Bytes((byte[]) content);
    }

    @Override
    public ImageShape shape(Object content) throws BadRecordException {
      return arrays.shape(list(content));
    }

    @Override
    public boolean transparent(Object content) throws BadRecordException {
      return arrays.transparent(list(content));
    }

    @Override
    public byte[] pixels(Object content, ImageShape shape) throws BadRecordException {
      return arrays.pixels(list(content), shape);
    }

    /** Bytes as a list. */
    private static final class Bytes extends AbstractList<Byte> {
      private final byte[] bytes;

      Bytes(byte[] bytes) {
        this.bytes = bytes;
      }

      @Override
      public Byte get(int index) {
        return bytes[index];
      }

      @Override
      public int size() {
        return bytes.length;
      }
    }
  }
}
