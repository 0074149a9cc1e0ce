package io.sparkcam.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Looks at what a Parquet file declares before its library believes it: that takes memory of any
 * size and a frame of the stack for each level of the schema.
 */
public final class ParquetFooter {
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_COLUMNS = 1 << 16;
  private static final int DEEPEST = 100;

  /** The magic number at both ends, and the footer's length. */
  private static final int AROUND = 12;

  private ParquetFooter() {}

  /**
   * Checks the sizes that a footer declares.
   *
   * @param name of the file, for messages
   * @throws IOException if one of them cannot be right
   */
  public static void check(InputFile file, String name) throws IOException {
    byte[] footer;
    long end;
    try (SeekableInputStream in = file.newStream()) {
      long most = Math.min(MOST_BYTES, file.getLength() - AROUND);
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      if (most > 0) {
        in.seek(file.getLength() - Integer.BYTES * 2);
        in.readFully(length.array());
      }
      if (length.getInt(0) < 1 || length.getInt(0) > most) {
        throw new IOException(
            "%s: footer of %s bytes, expected 1 to %s"
                .formatted(name, Integer.toUnsignedString(length.getInt(0)), most));
      }
      footer = new byte[length.getInt(0)];
      end = file.getLength() - Integer.BYTES * 2 - footer.length;
      in.seek(end);
      in.readFully(footer);
    }
    FileMetaData found = new FileMetaData();
    try {
      // No list or text has more elements than there are bytes.
      var bytes = new TIOStreamTransport(new ByteArrayInputStream(footer));
      found.read(new TCompactProtocol(bytes, footer.length, footer.length));
    } catch (TException | RuntimeException e) {
      throw new IOException(name + ": footer cannot be read: " + e.getMessage(), e);
    }
    checkSchema(found.getSchema(), name);
    for (RowGroup group : found.getRow_groups()) {
      checkGroup(group, end, name);
    }
  }

  private static void checkSchema(List<SchemaElement> schema, String name) throws IOException {
    if (schema.size() > MOST_COLUMNS) {
      throw new IOException(
          "%s: %s columns, expected at most %s".formatted(name, schema.size(), MOST_COLUMNS));
    }
    // How many children are still to come, of each group that is open.
    Deque<Integer> open = new ArrayDeque<>();
    for (SchemaElement element : schema) {
      if (!open.isEmpty()) {
        open.push(open.pop() - 1);
      }
      open.push(Math.max(0, element.getNum_children()));
      if (open.size() > DEEPEST) {
        throw new IOException("%s: columns within more than %s others".formatted(name, DEEPEST));
      }
      while (!open.isEmpty() && open.peek() == 0) {
        open.pop();
      }
    }
    if (!open.isEmpty()) {
      throw new IOException("%s: %s columns that are not described".formatted(name, open.peek()));
    }
  }

  private static void checkGroup(RowGroup group, long end, String name) throws IOException {
    if (group.getNum_rows() < 0 || group.getNum_rows() > Integer.MAX_VALUE) {
      throw new IOException(
          "%s: group of %s rows, expected 0 to %s"
              .formatted(name, group.getNum_rows(), Integer.MAX_VALUE));
    }
    for (ColumnChunk column : group.getColumns()) {
      if (column.getMeta_data() == null) {
        throw new IOException(name + ": column that is encrypted or in another file");
      }
      long bytes = column.getMeta_data().getTotal_compressed_size();
      if (bytes < 0 || bytes > end) {
        throw new IOException(
            "%s: column %s of %s bytes, expected at most %s"
                .formatted(
                    name, String.join(".", column.getMeta_data().getPath_in_schema()), bytes, end));
      }
    }
  }
}
