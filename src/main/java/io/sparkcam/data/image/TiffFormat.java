package io.sparkcam.data.image;

import java.io.IOException;

/** TIFF: its first page, oriented as the tag that EXIF took over from it says. */
final class TiffFormat extends PlainFormat {
  TiffFormat() {
    super("tiff");
  }

  @Override
  public ImageHeader header(byte[] bytes) throws IOException, BadRecordException {
    ImageHeader page = super.header(bytes);
    int orientation = Orientation.first(Orientation.ofExif(bytes, 0, bytes.length), 0);
    return new ImageHeader(page.height(), page.width(), orientation, page.grey(), page.alpha());
  }
}
