package io.sparkcam.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The JDK's own readers, whatever plugins lie on the class path. */
final class JdkReader {
  /** What is done with an open image. */
  @FunctionalInterface
  interface Use<T> {
    T of(ImageReader reader) throws IOException, BadRecordException;
  }

  private final ImageReaderSpi provider;

  private JdkReader(ImageReaderSpi provider) {
    this.provider = provider;
  }

  /** Of a format's name as the JDK spells it. */
  static JdkReader of(String format) {
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
    while (all.hasNext()) {
      ImageReaderSpi provider = all.next();
      if (provider.getClass().getName().startsWith("com.sun.imageio.plugins." + format)) {
        return new JdkReader(provider);
      }
    }
    throw new IllegalStateException("this Java has no reader for " + format);
  }

  <T> T read(byte[] bytes, Use<T> use) throws IOException, BadRecordException {
    return read(provider, bytes, use);
  }

  /** Opens an image in memory: ImageIO's own choice is a temporary file for each image. */
  static <T> T read(ImageReaderSpi provider, byte[] bytes, Use<T> use)
      throws IOException, BadRecordException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader = provider.createReaderInstance();
      try {
        reader.setInput(in, true, true);
        return use.of(reader);
      } finally {
        reader.dispose();
      }
    }
  }

  /** The colours that it is going to be decoded to. */
  static ImageTypeSpecifier type(ImageReader reader) throws IOException {
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      throw new IIOException("neither grey nor RGB");
    }
    return types.next();
  }
}
