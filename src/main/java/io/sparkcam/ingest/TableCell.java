package io.sparkcam.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/**
 * What one row of a Parquet file holds in one column.
 *
 * @param content bytes, a list of numbers, or null
 * @param encoded whether it is bytes
 */
record TableCell(Object content, boolean encoded) {
  private static final String BYTES = "bytes";

  /**
   * Reads it without Spark: the row groups before it are skipped.
   *
   * @param row from 0
   */
  static TableCell read(Path file, long row, String column, Configuration configuration)
      throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
      MessageType all = reader.getFileMetaData().getSchema();
      if (!all.containsField(column)) {
        throw new IOException(file + ": no column " + column);
      }
      MessageType asked = new MessageType(all.getName(), all.getType(column));
      reader.setRequestedSchema(asked);
      long left = row;
      for (BlockMetaData block : reader.getRowGroups()) {
        if (left < block.getRowCount()) {
          return of(group(reader.readNextRowGroup(), asked, left));
        }
        left -= block.getRowCount();
        reader.skipNextRowGroup();
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      // What Parquet throws for bytes that are not its own: it takes memory of the sizes that they
      // declare.
      throw new IOException(file + ": cannot be read: " + e, e);
    }
    throw new IOException(file + ": no row " + row);
  }

  private static Group group(PageReadStore pages, MessageType schema, long row) {
    RecordReader<Group> records =
        new ColumnIOFactory()
            .getColumnIO(schema)
            .getRecordReader(pages, new GroupRecordConverter(schema));
    for (long i = 0; i < row; i++) {
      records.read();
    }
    return records.read();
  }

  private static TableCell of(Group row) {
    if (row.getType().getType(0).isPrimitive()) {
      return bytes(row, 0);
    }
    if (row.getFieldRepetitionCount(0) == 0) {
      return new TableCell(null, true);
    }
    Group held = row.getGroup(0, 0);
    return held.getType().containsField(BYTES)
        ? bytes(held, held.getType().getFieldIndex(BYTES))
        : new TableCell(numbers(held), false);
  }

  private static TableCell bytes(Group group, int field) {
    boolean empty = group.getFieldRepetitionCount(field) == 0;
    return new TableCell(empty ? null : group.getBinary(field, 0).getBytes(), true);
  }

  private static List<Number> numbers(Group list) {
    boolean bare = list.getType().getType(0).isPrimitive();
    List<Number> numbers = new ArrayList<>();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      numbers.add(bare ? number(list, i) : number(list.getGroup(0, i), 0));
    }
    return numbers;
  }

  /** As Spark would give it. */
  private static Number number(Group group, int index) {
    PrimitiveType type = group.getType().getType(0).asPrimitiveType();
    String text = group.getValueToString(0, index);
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT, DOUBLE -> Double.valueOf(text);
      default ->
          LogicalTypeAnnotation.intType(Byte.SIZE, true).equals(type.getLogicalTypeAnnotation())
              ? (Number) Byte.valueOf(text)
              : (Number) Long.valueOf(text);
    };
  }
}
