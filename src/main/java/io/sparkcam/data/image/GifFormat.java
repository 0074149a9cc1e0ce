package io.sparkcam.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadUpdateListener;

/**
 * GIF: its first frame, on a screen of the transparent colour, else of colour 0, where the frame is
 * smaller.
 */
final class GifFormat extends PlainFormat {
  GifFormat() {
    super("gif");
  }

  /** Where the first frame lies on the screen. */
  private record Frame(
      int screenHeight, int screenWidth, int top, int left, int height, int width) {
    static Frame of(byte[] bytes) throws BadRecordException {
      ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      try {
        int at = afterTable(13, bytes[10]);
        while (bytes[at] == 0x21) { // extensions
          at = afterBlocks(bytes, at + 2);
        }
        if (bytes[at] != 0x2c) {
          throw new BadRecordException("cannot be decoded: GIF without an image");
        }
        int left = file.getShort(at + 1) & 0xffff;
        int top = file.getShort(at + 3) & 0xffff;
        int width = file.getShort(at + 5) & 0xffff;
        int height = file.getShort(at + 7) & 0xffff;
        afterBlocks(bytes, afterTable(at + 10, bytes[at + 9]) + 1);
        return new Frame(
            Math.max(file.getShort(8) & 0xffff, top + height),
            Math.max(file.getShort(6) & 0xffff, left + width),
            top,
            left,
            height,
            width);
      } catch (IndexOutOfBoundsException e) {
        throw new BadRecordException("cannot be decoded: GIF cut off after byte " + bytes.length);
      }
    }

    private static int afterTable(int at, byte flags) {
      return (flags & 0x80) == 0 ? at : at + 3 * (2 << (flags & 7));
    }

    private static int afterBlocks(byte[] bytes, int start) {
      int at = start;
      while (bytes[at] != 0) {
        at += 1 + (bytes[at] & 255);
      }
      return at + 1;
    }
  }

  @Override
  public ImageHeader header(byte[] bytes) throws IOException, BadRecordException {
    Frame frame = Frame.of(bytes);
    ImageHeader first = super.header(bytes);
    return new ImageHeader(
        frame.screenHeight, frame.screenWidth, Orientation.UPRIGHT, first.grey(), first.alpha());
  }

  @Override
  public Samples decode(byte[] bytes, int greyBits) throws IOException, BadRecordException {
    Frame frame = Frame.of(bytes);
    BufferedImage image = jdk().read(bytes, reader -> whole(reader, frame));
    if (frame.height == frame.screenHeight && frame.width == frame.screenWidth) {
      return Samples.of(image, greyBits);
    }
    IndexColorModel palette = (IndexColorModel) image.getColorModel();
    WritableRaster screen =
        palette.createCompatibleWritableRaster(frame.screenWidth, frame.screenHeight);
    int rest = Math.max(0, palette.getTransparentPixel());
    for (int y = 0; y < frame.screenHeight; y++) {
      for (int x = 0; x < frame.screenWidth; x++) {
        boolean within =
            y >= frame.top
                && y < frame.top + frame.height
                && x >= frame.left
                && x < frame.left + frame.width;
        screen.setSample(
            x, y, 0, within ? image.getRaster().getSample(x - frame.left, y - frame.top, 0) : rest);
      }
    }
    return Samples.of(new BufferedImage(palette, screen, false, null), greyBits);
  }

  /** The frame, if its data reaches to its last row: what is missing would be colour 0. */
  private static BufferedImage whole(ImageReader reader, Frame frame)
      throws IOException, BadRecordException {
    Rows rows = new Rows();
    reader.addIIOReadUpdateListener(rows);
    BufferedImage image = reader.read(0);
    if (rows.count < frame.height) {
      throw new BadRecordException(
          "cannot be decoded: GIF has " + rows.count + " of " + frame.height + " rows");
    }
    return image;
  }

  /** Counts rows as they are decoded. */
  private static final class Rows implements IIOReadUpdateListener {
    private int count;

    @Override
    public void imageUpdate(
        ImageReader source,
        BufferedImage image,
        int minX,
        int minY,
        int width,
        int height,
        int periodX,
        int periodY,
        int[] bands) {
      count += height;
    }

    @Override
    public void passStarted(
        ImageReader source,
        BufferedImage image,
        int pass,
        int minPass,
        int maxPass,
        int minX,
        int minY,
        int periodX,
        int periodY,
        int[] bands) {}

    @Override
    public void passComplete(ImageReader source, BufferedImage image) {}

    @Override
    public void thumbnailPassStarted(
        ImageReader source,
        BufferedImage thumbnail,
        int pass,
        int minPass,
        int maxPass,
        int minX,
        int minY,
        int periodX,
        int periodY,
        int[] bands) {}

    @Override
    public void thumbnailUpdate(
        ImageReader source,
        BufferedImage thumbnail,
        int minX,
        int minY,
        int width,
        int height,
        int periodX,
        int periodY,
        int[] bands) {}

    @Override
    public void thumbnailPassComplete(ImageReader source, BufferedImage thumbnail) {}
  }
}
