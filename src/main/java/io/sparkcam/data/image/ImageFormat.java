package io.sparkcam.data.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats of encoded images, told by their first bytes. A format is a constant and a class. */
enum ImageFormat {
  PNG("PNG", new PngFormat()) {
    @Override
    boolean begins(byte[] bytes) {
      return starts(bytes, 0, "\u0089PNG\r\n\u001a\n");
    }
  },
  JPEG("JPEG", new JpegFormat()) {
    @Override
    boolean begins(byte[] bytes) {
      return starts(bytes, 0, "\u00ff\u00d8\u00ff");
    }
  },
  WEBP("WebP", new WebpFormat()) {
    @Override
    boolean begins(byte[] bytes) {
      return starts(bytes, 0, "RIFF") && starts(bytes, 8, "WEBP");
    }
  },
  GIF("GIF", new GifFormat()) {
    @Override
    boolean begins(byte[] bytes) {
      return starts(bytes, 0, "GIF87a") || starts(bytes, 0, "GIF89a");
    }
  },
  BMP("BMP", new PlainFormat("bmp")) {
    @Override
    boolean begins(byte[] bytes) {
      return starts(bytes, 0, "BM");
    }
  },
  TIFF("TIFF", new TiffFormat()) {
    @Override
    boolean begins(byte[] bytes) {
      return starts(bytes, 0, "II*\0") || starts(bytes, 0, "MM\0*");
    }
  },
  PNM("PNM", new PnmFormat()) {
    @Override
    boolean begins(byte[] bytes) {
      return bytes.length > 2
          && bytes[0] == 'P'
          && bytes[1] >= '4'
          && bytes[1] <= '6'
          && Character.isWhitespace(bytes[2]);
    }
  };

  /** How a format is read. Bytes that make no sense give any exception but an error. */
  interface Reading {
    /** What the file declares; looks at no pixel. */
    ImageHeader header(byte[] bytes) throws IOException, BadRecordException;

    /**
     * The stored pixels, not yet oriented. A file that is cut off or damaged is refused.
     *
     * @param greyBits as {@link DecodeSettings#greyBits}
     */
    Samples decode(byte[] bytes, int greyBits) throws IOException, BadRecordException;
  }

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // without state
  private final Reading reading;

  ImageFormat(String title, Reading reading) {
    this.title = title;
    this.reading = reading;
  }

  abstract boolean begins(byte[] bytes);

  Reading reading() {
    return reading;
  }

  /** Of these bytes; empty if of none. */
  static Optional<ImageFormat> of(byte[] bytes) {
    return Arrays.stream(values()).filter(format -> format.begins(bytes)).findFirst();
  }

  static String titles() {
    return Arrays.stream(values()).map(format -> format.title).collect(Collectors.joining(", "));
  }

  static boolean starts(byte[] bytes, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= at + wanted.length
        && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }
}
