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

  /** Opens an image in memory: ImageIO's own choice is a temporary file for each image. */
  <T> T read(byte[] bytes, Use<T> use) throws IOException, BadRecordException {
    try (ImageInputStream in = new Whole(bytes)) {
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

  /** A file in memory. Some readers go on beyond its end, with zeros, for as long as they like. */
  private static final class Whole extends MemoryCacheImageInputStream {
    /** More than readers that buffer meet at the end of a file that is whole: a few hundred. */
    private static final int MOST_ENDS = 4096;

    private int ends;

    Whole(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read() throws IOException {
      return counted(super.read());
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      return counted(super.read(target, from, length));
    }

    private int counted(int result) throws IOException {
      if (result < 0 && ++ends > MOST_ENDS) {
        throw new IIOException("cut off within its pixels");
      }
      return result;
    }
  }
}
