package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import java.io.IOException;
import java.util.Locale;

/**
 * Encoded images of any {@link ImageFormat}, told by their content. In this order they are decoded,
 * oriented, converted to grey or RGB, resized and cropped. Colour profiles and gamma are applied
 * nowhere: pixels are what is stored.
 */
final class EncodedImages implements ImageForm {
  private static final long serialVersionUID = 1L;

  /** Pixels of an image that is going to be resized: a square of 8192, three times 64 MiB. */
  private static final long MOST_PIXELS = 1L << 26;

  private final DecodeSettings settings;

  /** What is said of bytes that are of no format. */
  private final String hint;

  EncodedImages(DecodeSettings settings, String hint) {
    this.settings = settings;
    this.hint = hint;
  }

  @Override
  public ImageShape shape(Object content) throws BadRecordException {
    return shape(header(bytes(content)));
  }

  @Override
  public boolean transparent(Object content) throws BadRecordException {
    return header(bytes(content)).alpha();
  }

  @Override
  public byte[] pixels(Object content, ImageShape shape) throws BadRecordException {
    byte[] bytes = bytes(content);
    ImageHeader header = header(bytes);
    ImageForm.requireSize(shape(header), shape);
    Samples stored;
    try {
      stored = format(bytes).reading().decode(bytes, settings.greyBits());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Bytes of no sense give any of these: readers take memory of the sizes that they declare.
      throw unreadable(e);
    }
    if (stored.height() != header.height() || stored.width() != header.width()) {
      throw new BadRecordException(
          "cannot be decoded: %sx%s pixels, declared %sx%s"
              .formatted(stored.height(), stored.width(), header.height(), header.width()));
    }
    return settings.finish(stored.oriented(header.orientation()), shape.channels());
  }

  private static byte[] bytes(Object content) throws BadRecordException {
    if (content == null || ((byte[]) content).length == 0) {
      throw new BadRecordException("no image: 0 bytes");
    }
    return (byte[]) content;
  }

  private ImageShape shape(ImageHeader header) throws BadRecordException {
    int height = header.seenHeight();
    int width = header.seenWidth();
    if (height < 1 || width < 1) {
      throw new BadRecordException("declares " + height + "x" + width + " pixels");
    }
    if (settings.resize() == null
        && (height > ImageShape.MAX_SIDE || width > ImageShape.MAX_SIDE)) {
      throw new BadRecordException(
          "declares %sx%s pixels, expected at most %s a side without --resize"
              .formatted(height, width, ImageShape.MAX_SIDE));
    }
    if ((long) height * width > MOST_PIXELS) {
      throw new BadRecordException(
          String.format(
              Locale.ROOT,
              "declares %dx%d pixels, expected at most %,d",
              height,
              width,
              MOST_PIXELS));
    }
    return settings.shape(height, width, header.grey() ? 1 : 3);
  }

  private ImageHeader header(byte[] bytes) throws BadRecordException {
    try {
      return format(bytes).reading().header(bytes);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Bytes of no sense give any of these: readers take memory of the sizes that they declare.
      throw unreadable(e);
    }
  }

  private ImageFormat format(byte[] bytes) throws BadRecordException {
    return ImageFormat.of(bytes)
        .orElseThrow(
            () ->
                new BadRecordException(
                    ImageFormat.starts(bytes, 0, "version https://git-lfs")
                        ? "a pointer of Git LFS instead of the file: run git lfs pull"
                        : "no image: begins as none of " + ImageFormat.titles() + hint));
  }

  private static BadRecordException unreadable(Throwable e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new BadRecordException("cannot be decoded: " + why.lines().findFirst().orElse(""));
  }
}
