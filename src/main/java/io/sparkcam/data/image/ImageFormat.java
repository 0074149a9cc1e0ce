package io.sparkcam.data.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

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

  static ImageFormat of(byte[] bytes) throws BadRecordException {
    for (ImageFormat format : values()) {
      if (format.begins(bytes)) {
        return format;
      }
    }
    StringBuilder known = new StringBuilder();
    for (ImageFormat format : values()) {
      known.append(known.isEmpty() ? "" : ", ").append(format.title);
    }
    throw new BadRecordException("no image: begins as none of " + known);
  }

  static boolean starts(byte[] bytes, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= at + wanted.length
        && java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }
}
