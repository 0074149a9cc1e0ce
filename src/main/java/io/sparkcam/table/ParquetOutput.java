package io.sparkcam.table;

import io.sparkcam.storage.DigestStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Hands Parquet a stream that is open already, and makes the end of the file depend on its rows
 * alone: Parquet lists the encodings of a column in the order of a hash set, which is another one
 * in another JVM.
 */
final class ParquetOutput implements OutputFile {
  /** Bytes after the footer: its length and the magic. */
  private static final int TRAILER = 8;

  private final DigestStream file;
  private final Stream stream = new Stream();
  private ByteArrayOutputStream end;

  ParquetOutput(DigestStream file) {
    this.file = file;
  }

  /** What Parquet writes from here on until it closes the stream is the end of the file. */
  void beginEnd() {
    end = new ByteArrayOutputStream();
  }

  /** The same indexes, footer, length and magic, encodings in the order of their numbers. */
  private static byte[] ordered(byte[] end) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    int footer = end.length - TRAILER - bytes.getInt(end.length - TRAILER);
    FileMetaData metadata =
        Util.readFileMetaData(new ByteArrayInputStream(end, footer, end.length - TRAILER - footer));
    metadata.getRow_groups().stream()
        .flatMap(group -> group.getColumns().stream())
        .forEach(
            column ->
                column
                    .getMeta_data()
                    .getEncodings()
                    .sort(Comparator.comparingInt(Encoding::getValue)));
    ByteArrayOutputStream ordered = new ByteArrayOutputStream(end.length);
    ordered.write(end, 0, footer);
    Util.writeFileMetaData(metadata, ordered);
    ordered.write(end, end.length - TRAILER, TRAILER);
    return ordered.toByteArray();
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return stream;
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return stream;
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  private final class Stream extends PositionOutputStream {
    @Override
    public long getPos() {
      return file.getPos() + (end == null ? 0 : end.size());
    }

    @Override
    public void write(int b) throws IOException {
      if (end == null) {
        file.write(b);
      } else {
        end.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (end == null) {
        file.write(bytes, offset, length);
      } else {
        end.write(bytes, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      file.flush();
    }

    @Override
    public void close() throws IOException {
      if (end != null) {
        file.write(ordered(end.toByteArray()));
        end = null;
      }
      file.close();
    }
  }
}
