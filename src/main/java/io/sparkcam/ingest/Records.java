package io.sparkcam.ingest;

import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.dataset.ImageShape;
import java.io.Serializable;
import java.util.HexFormat;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Records on the executors: decoded and checked. */
final class Records {
  private Records() {}

  /** What became of one record: an image, or the reason why not. */
  static final class Outcome implements Serializable {
    private static final long serialVersionUID = 1L;
    final int label;
    final byte[] pixels;
    final String sha256;
    final String reason;

    private Outcome(int label, byte[] pixels, String sha256, String reason) {
      this.label = label;
      this.pixels = pixels;
      this.sha256 = sha256;
      this.reason = reason;
    }

    boolean bad() {
      return pixels == null;
    }
  }

  /** What a row holds as its image: bytes, a list of numbers, or null. */
  static Object content(Row row, int column) {
    if (row.isNullAt(column)) {
      return null;
    }
    return row.get(column) instanceof byte[] bytes ? bytes : row.getList(column);
  }

  /**
   * SHA-256 of an image as it is stored: of the encoded bytes, or of the pixels of an array,
   * (channel, row, column).
   */
  static String sha256(Object content, byte[] pixels) {
    return HexFormat.of()
        .formatHex(SourceKey.sha256(content instanceof byte[] encoded ? encoded : pixels));
  }

  /** Decodes one record. */
  static final class Decode implements PairFunction<Row, SourceKey, Outcome> {
    private static final long serialVersionUID = 1L;
    private final ImageForm form;
    private final Labels labels;
    private final int height;
    private final int width;
    private final int channels;

    Decode(ImageForm form, Labels labels, ImageShape expected) {
      this.form = form;
      this.labels = labels;
      this.height = expected.height();
      this.width = expected.width();
      this.channels = expected.channels();
    }

    @Override
    public Tuple2<SourceKey, Outcome> call(Row row) {
      return new Tuple2<>(new SourceKey(row.getString(0)), outcome(row));
    }

    private Outcome outcome(Row row) {
      try {
        int label = labels.of(row.getString(1));
        Object content = content(row, 2);
        byte[] pixels = form.pixels(content, new ImageShape(height, width, channels));
        return new Outcome(label, pixels, sha256(content, pixels), null);
      } catch (BadRecordException e) {
        return new Outcome(0, null, null, e.getMessage());
      }
    }
  }
}
