package io.sparkcam.data.image;

import io.sparkcam.data.ImageShape;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * PNG and JPEG files, told by their content. Grey stays grey, everything else becomes sRGB of 8
 * bits; transparency is dropped.
 */
final class EncodedImages implements ImageForm {
  private static final long serialVersionUID = 1L;
  private static final Set<String> FORMATS = Set.of("png", "jpeg");

  /** What is done with an open image. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(ImageReader reader) throws IOException, BadRecordException;
  }

  @Override
  public ImageShape shape(Object content) throws BadRecordException {
    return read(bytes(content), EncodedImages::declared);
  }

  @Override
  public byte[] pixels(Object content, ImageShape shape) throws BadRecordException {
    ImageForm.require(shape(content), shape);
    byte[] bytes = bytes(content);
    PngChunks.requireWhole(bytes);
    List<String> warnings = new ArrayList<>();
    BufferedImage image =
        read(
            bytes,
            reader -> {
              // A JPEG that is cut off is filled up with grey, which only a warning tells.
              reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
              return reader.read(0);
            });
    for (String warning : warnings) {
      String lower = warning.toLowerCase(Locale.ROOT);
      if (lower.contains("premature") || lower.contains("corrupt") || lower.contains("truncated")) {
        throw unreadable(warning);
      }
    }
    return shape.channels() == 1 ? grey(image) : colour(image);
  }

  private static byte[] bytes(Object content) throws BadRecordException {
    if (content == null || ((byte[]) content).length == 0) {
      throw new BadRecordException("no image: 0 bytes");
    }
    return (byte[]) content;
  }

  private static <T> T read(byte[] bytes, Reading<T> reading) throws BadRecordException {
    // In memory: ImageIO's own choice is a temporary file for each image.
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader = reader(in);
      try {
        reader.setInput(in, true, true);
        return reading.of(reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) { // bytes of no sense give either
      throw unreadable(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  private static ImageReader reader(ImageInputStream in) throws IOException, BadRecordException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
        return reader;
      }
      reader.dispose();
    }
    throw new BadRecordException("neither PNG nor JPEG");
  }

  private static BadRecordException unreadable(String why) {
    return new BadRecordException("cannot be decoded: " + why.lines().findFirst().orElse(""));
  }

  private static ImageShape declared(ImageReader reader) throws IOException, BadRecordException {
    int height = reader.getHeight(0);
    int width = reader.getWidth(0);
    if (height > ImageShape.MAX_SIDE || width > ImageShape.MAX_SIDE) {
      throw new BadRecordException(
          "declares %dx%d pixels, expected at most %d a side"
              .formatted(height, width, ImageShape.MAX_SIDE));
    }
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      throw new BadRecordException("neither grey nor RGB");
    }
    return new ImageShape(height, width, isGrey(types.next().getColorModel()) ? 1 : 3);
  }

  private static boolean isGrey(ColorModel colours) {
    if (!(colours instanceof IndexColorModel palette)) {
      return colours.getNumColorComponents() == 1;
    }
    // So come the PNGs of 1, 2 and 4 bits a pixel, too.
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /** The stored values, the upper 8 bits of 16: Java's colour conversion would change them. */
  private static byte[] grey(BufferedImage image) {
    if (image.getColorModel() instanceof IndexColorModel) {
      int[] rgb = rgb(image);
      byte[] pixels = new byte[rgb.length];
      for (int i = 0; i < rgb.length; i++) {
        pixels[i] = (byte) rgb[i];
      }
      return pixels;
    }
    int bits = image.getColorModel().getComponentSize(0);
    int[] samples =
        image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
    byte[] pixels = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      pixels[i] = (byte) (samples[i] >> (bits - Byte.SIZE));
    }
    return pixels;
  }

  private static byte[] colour(BufferedImage image) {
    int[] rgb = rgb(image);
    byte[] pixels = new byte[3 * rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      pixels[i] = (byte) (rgb[i] >> 16);
      pixels[i + rgb.length] = (byte) (rgb[i] >> 8);
      pixels[i + 2 * rgb.length] = (byte) rgb[i];
    }
    return pixels;
  }

  private static int[] rgb(BufferedImage image) {
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }
}
