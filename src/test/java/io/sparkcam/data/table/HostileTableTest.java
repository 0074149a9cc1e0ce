package io.sparkcam.data.table;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.data.DataPlace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Footers that declare what cannot be: refused before memory is taken for it. */
class HostileTableTest {
  @TempDir Path directory;

  private static SchemaElement group(String name, int children) {
    return new SchemaElement(name)
        .setRepetition_type(FieldRepetitionType.OPTIONAL)
        .setNum_children(children);
  }

  private static SchemaElement column(String name) {
    return new SchemaElement(name)
        .setRepetition_type(FieldRepetitionType.OPTIONAL)
        .setType(Type.INT32);
  }

  /** Of groups within each other and, in the innermost, columns. */
  private static List<SchemaElement> schema(int groups, int columns, int declared) {
    List<SchemaElement> schema = new ArrayList<>(List.of(group("root", groups > 0 ? 1 : declared)));
    for (int i = 1; i <= groups; i++) {
      schema.add(group("g" + i, i == groups ? declared : 1));
    }
    for (int i = 0; i < columns; i++) {
      schema.add(column("c" + i));
    }
    return schema;
  }

  private static byte[] footer(List<SchemaElement> schema, long rows, long bytes)
      throws IOException {
    ColumnMetaData column =
        new ColumnMetaData(
            Type.INT32,
            List.of(Encoding.PLAIN),
            List.of("c0"),
            CompressionCodec.UNCOMPRESSED,
            rows,
            bytes,
            bytes,
            4);
    ColumnChunk chunk = new ColumnChunk(4).setMeta_data(column);
    RowGroup group = new RowGroup(List.of(chunk), bytes, rows);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeFileMetaData(new FileMetaData(1, schema, rows, List.of(group)), out);
    return out.toByteArray();
  }

  private String refused(byte[] footer, int declared, long fileBytes) throws IOException {
    Path file = directory.resolve("images.parquet");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(Math.max(fileBytes, footer.length + 12)); // a hole where nothing is written
      out.write("PAR1".getBytes(US_ASCII));
      out.seek(out.length() - footer.length - 8);
      out.write(footer);
      out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(declared).array());
      out.write("PAR1".getBytes(US_ASCII));
    }
    DataPlace place = DataPlace.of(directory.toString());
    TableFile table = new TableFile("images.parquet", Map.of());
    IOException refused =
        assertThrows(IOException.class, () -> TableFooter.read(place, table, new Configuration()));
    Files.delete(file);
    return refused.getMessage().replace(directory + "/", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          50000 | 1 | 1 | 1 | 4 | columns within more than 100 others
          0 | 100000 | 100000 | 1 | 4 | 100001 columns, expected at most 65536
          0 | 1 | 2147483647 | 1 | 4 | 2147483646 columns that are not described
          0 | 1 | 1 | 4611686018427387904 | 4 | group of 4611686018427387904 rows, expected 0 to 2147483647
          0 | 1 | 1 | -1 | 4 | group of -1 rows, expected 0 to 2147483647
          0 | 1 | 1 | 1 | 1099511627776 | column c0 of 1099511627776 bytes, expected at most 4
          0 | 1 | 1 | 1 | -1 | column c0 of -1 bytes, expected at most 4
          """)
  void whatAFooterDeclaresIsLookedAt(
      int groups, int columns, int declared, long rows, long bytes, String why) throws IOException {
    byte[] footer = footer(schema(groups, columns, declared), rows, bytes);
    assertEquals("images.parquet: " + why, refused(footer, footer.length, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | 0 | footer of 0 bytes, expected 1 to 60
          61 | 0 | footer of 61 bytes, expected 1 to 60
          -1 | 0 | footer of 4294967295 bytes, expected 1 to 60
          2147483647 | 2147483659 | footer of 2147483647 bytes, expected 1 to 67108864
          """)
  void theLengthOfAFooterIsLookedAt(int declared, long fileBytes, String why) throws IOException {
    assertEquals("images.parquet: " + why, refused(new byte[60], declared, fileBytes));
  }

  /** Two thousand million columns, of which none follows. */
  @Test
  void listsAreNotTakenAtTheirWord() throws IOException {
    byte[] footer = {0x15, 2, 0x19, (byte) 0xfc, -1, -1, -1, -1, 7};
    assertEquals(
        "images.parquet: footer cannot be read: Length exceeded max allowed: 2147483647",
        refused(footer, footer.length, 0));
  }
}
