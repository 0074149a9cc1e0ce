package io.sparkcam.data.image;

import java.awt.image.ColorModel;
import java.io.IOException;

/** A format of which the JDK's reader knows all that counts. */
class PlainFormat implements ImageFormat.Reading {
  private final JdkReader jdk;

  PlainFormat(String format) {
    jdk = JdkReader.of(format);
  }

  JdkReader jdk() {
    return jdk;
  }

  @Override
  public ImageHeader header(byte[] bytes) throws IOException, BadRecordException {
    return jdk.read(
        bytes,
        reader -> {
          ColorModel colours = JdkReader.type(reader).getColorModel();
          return new ImageHeader(
              reader.getHeight(0),
              reader.getWidth(0),
              Orientation.UPRIGHT,
              Samples.isGrey(colours),
              colours.hasAlpha());
        });
  }

  @Override
  public Samples decode(byte[] bytes, int greyBits) throws IOException, BadRecordException {
    int bits = greyBits == 0 ? 16 : greyBits;
    return jdk.read(bytes, reader -> Samples.of(reader.read(0), bits));
  }
}
