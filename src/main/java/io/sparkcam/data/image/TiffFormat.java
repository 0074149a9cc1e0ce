package io.sparkcam.data.image;

import java.io.IOException;

/** TIFF: its first page, oriented as the tag that EXIF took over from it says. */
final class TiffFormat extends PlainFormat {
  private static final int COMPRESSION = 259;
  private static final int SAMPLES = 277;
  private static final int JPEG = 7;

  TiffFormat() {
    super("tiff");
  }

  @Override
  public ImageHeader header(byte[] bytes) throws IOException, BadRecordException {
    ImageHeader page = super.header(bytes);
    if (Orientation.tag(bytes, 0, bytes.length, COMPRESSION) == JPEG
        && Orientation.tag(bytes, 0, bytes.length, SAMPLES) > 3) {
      // The JDK's reader takes the fourth sample for another.
      throw new BadRecordException("JPEG within TIFF of more than 3 samples a pixel");
    }
    int orientation = Orientation.first(Orientation.ofExif(bytes, 0, bytes.length), 0);
    return new ImageHeader(page.height(), page.width(), orientation, page.grey(), page.alpha());
  }
}
