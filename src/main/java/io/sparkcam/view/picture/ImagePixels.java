package io.sparkcam.view.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * An image as it was read.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param values unsigned bytes, (channel, row, column) row-major
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record ImagePixels(int height, int width, int channels, byte[] values) {
  /** Checks the shape and copies the values. */
  public ImagePixels {
    String shape = "image %sx%s of %s channels".formatted(height, width, channels);
    if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(shape + ", expected at least 1x1 of 1 or 3 channels");
    }
    long size = (long) height * width * channels;
    if (values.length != size) {
      throw new IllegalArgumentException(
          "%s: %s bytes, expected %s".formatted(shape, values.length, size));
    }
    values = values.clone();
  }

  @Override
  public byte[] values() {
    return values.clone();
  }

  /**
   * One colour a pixel: RGB as it is, grey through the colormap on a scale from the image's own
   * least to its own greatest value, as {@code plt.imshow} draws it.
   */
  Picture coloured(Colormap colormap) {
    int[] rgb = new int[height * width];
    if (channels == 3) {
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (at(i) << 16) | (at(i + rgb.length) << 8) | at(i + 2 * rgb.length);
      }
      return new Picture(width, rgb);
    }
    Scale scale = greyScale();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = colormap.argb(scale.position(at(i))) & 0xffffff;
    }
    return new Picture(width, rgb);
  }

  /** As a PNG file, value by value: grey of 8 bits, or RGB. */
  public byte[] png() {
    BufferedImage image =
        new BufferedImage(
            width,
            height,
            channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    int pixels = height * width;
    for (int i = 0; i < channels * pixels; i++) {
      image.getRaster().setSample(i % width, i % pixels / width, i / pixels, at(i));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java writes no PNG files");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private Scale greyScale() {
    int low = 255;
    int high = 0;
    for (int i = 0; i < values.length; i++) {
      low = Math.min(low, at(i));
      high = Math.max(high, at(i));
    }
    return new Scale(low, high);
  }

  private int at(int index) {
    return Byte.toUnsignedInt(values[index]);
  }
}
