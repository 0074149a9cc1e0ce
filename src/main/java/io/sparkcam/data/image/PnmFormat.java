package io.sparkcam.data.image;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PBM, PGM and PPM in their binary forms (P4, P5, P6), of at most 8 bits a sample. */
final class PnmFormat implements ImageFormat.Reading {
  private static final int LONGEST_HEADER = 1024;
  private static final String GAP = "(?:\\s|#[^\n\r]*[\n\r])+";
  private static final Pattern HEADER =
      Pattern.compile(
          "P(?:(4)%1$s(\\d{1,5})%1$s(\\d{1,5})|([56])%1$s(\\d{1,5})%1$s(\\d{1,5})%1$s(\\d{1,5}))\\s"
              .formatted(GAP));

  /** Of the file's own header. */
  private record Declared(int kind, int width, int height, int white, int start) {}

  private static Declared declared(byte[] bytes) throws BadRecordException {
    String head =
        new String(bytes, 0, Math.min(bytes.length, LONGEST_HEADER), StandardCharsets.ISO_8859_1);
    Matcher found = HEADER.matcher(head);
    if (!found.lookingAt()) {
      throw new BadRecordException("cannot be decoded: PNM without sizes");
    }
    boolean bits = found.group(1) != null;
    int group = bits ? 1 : 4;
    int white = bits ? 1 : Integer.parseInt(found.group(7));
    if (white < 1 || white > 255) {
      throw new BadRecordException("PNM of values to " + white + ", expected at most 255");
    }
    return new Declared(
        Integer.parseInt(found.group(group)),
        Integer.parseInt(found.group(group + 1)),
        Integer.parseInt(found.group(group + 2)),
        white,
        found.end());
  }

  @Override
  public ImageHeader header(byte[] bytes) throws BadRecordException {
    Declared file = declared(bytes);
    return new ImageHeader(file.height, file.width, Orientation.UPRIGHT, file.kind != 6, false);
  }

  @Override
  public Samples decode(byte[] bytes, int greyBits) throws BadRecordException {
    Declared file = declared(bytes);
    int bands = file.kind == 6 ? 3 : 1;
    int stride = file.kind == 4 ? (file.width + 7) / 8 : file.width * bands;
    if (bytes.length - file.start < (long) stride * file.height) {
      throw new BadRecordException("cannot be decoded: PNM cut off after byte " + bytes.length);
    }
    byte[] values = new byte[file.height * file.width * bands];
    for (int y = 0; y < file.height; y++) {
      int from = file.start + y * stride;
      for (int x = 0; x < file.width * bands; x++) {
        values[y * file.width * bands + x] =
            file.kind == 4
                ? (byte) ((bytes[from + x / 8] >> (7 - x % 8) & 1) - 1) // 1 is black
                : (byte) (Math.min(file.white, bytes[from + x] & 255) * 255 / file.white);
      }
    }
    return new Samples(file.height, file.width, bands, values);
  }
}
