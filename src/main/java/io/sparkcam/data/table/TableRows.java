package io.sparkcam.data.table;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.table.CellConverters.Cell;
import io.sparkcam.data.table.CellConverters.Row;
import io.sparkcam.data.table.CellConverters.Word;
import io.sparkcam.data.table.CellConverters.Words;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Reads the image and the label of each row of a split, or one of both. Errors name the file. */
final class TableRows implements Closeable {
  private final String name;
  private final ParquetFileReader reader;
  private final MessageType asked;
  private final Cell image;
  private final Cell label;
  private final String partitionLabel;
  private final Row row;
  private RecordReader<Row> records;
  private long leftInGroup;
  private int leftGroups;
  private int nextGroup;

  private TableRows(
      String name,
      ParquetFileReader reader,
      MessageType asked,
      Cell image,
      Cell label,
      String partitionLabel,
      Row row) {
    this.name = name;
    this.reader = reader;
    this.asked = asked;
    this.image = image;
    this.label = label;
    this.partitionLabel = partitionLabel;
    this.row = row;
  }

  /**
   * Opens a split.
   *
   * @param imageColumn null if images are not asked for
   * @param labelColumn null if labels are not asked for
   */
  static TableRows open(
      DataPlace place,
      TableSplit split,
      String imageColumn,
      String labelColumn,
      Configuration configuration)
      throws IOException {
    String name = place.resolve(split.file.path());
    ParquetFileReader reader =
        ParquetFileReader.open(TableFooter.input(place, split.file, configuration));
    try {
      MessageType all = reader.getFileMetaData().getSchema();
      List<Type> types = new ArrayList<>();
      List<Cell> cells = new ArrayList<>();
      Cell image = null;
      if (imageColumn != null) {
        types.add(TableColumns.asked(all, imageColumn));
        image = TableColumns.image(types.get(0));
        cells.add(image);
      }
      Cell label = null;
      boolean inPartition = split.file.partition().containsKey(labelColumn);
      if (labelColumn != null && !inPartition) {
        types.add(all.getType(labelColumn));
        label = all.getType(labelColumn).isPrimitive() ? new Word() : new Words();
        cells.add(label);
      }
      TableRows rows =
          new TableRows(
              name,
              reader,
              new MessageType(all.getName(), types),
              image,
              label,
              inPartition ? split.file.partition().get(labelColumn) : null,
              new Row(cells.toArray(new Cell[0])));
      reader.setRequestedSchema(rows.asked);
      for (int i = 0; i < split.firstGroup; i++) {
        reader.skipNextRowGroup();
      }
      rows.nextGroup = split.firstGroup;
      rows.leftGroups = Math.min(split.groups, reader.getRowGroups().size());
      return rows;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** Goes to the next row; false after the last. */
  boolean next() throws IOException {
    try {
      while (leftInGroup == 0) {
        if (leftGroups-- == 0) {
          return false;
        }
        if (reader.getRowGroups().get(nextGroup++).getRowCount() == 0) {
          reader.skipNextRowGroup(); // which the next read would do, uncounted
          continue;
        }
        PageReadStore pages = reader.readNextRowGroup();
        leftInGroup = pages.getRowCount();
        records = new ColumnIOFactory().getColumnIO(asked).getRecordReader(pages, materializer());
      }
      leftInGroup--;
      records.read();
      return true;
    } catch (OutOfMemoryError e) {
      // It must not be a cause: where one is, Spark ends the process.
      throw new IOException(name + ": cannot be read: declares more than memory holds");
    } catch (IOException | RuntimeException e) {
      // What Parquet throws for bytes that are not its own: it takes memory of the sizes that they
      // declare, and reads beyond the end.
      throw new IOException(name + ": cannot be read: " + e, e);
    }
  }

  /** Passes over rows. */
  TableRows skip(long rows) throws IOException {
    long left = rows;
    while (left > 0 && leftInGroup == 0 && leftGroups > 0) {
      long count = reader.getRowGroups().get(nextGroup).getRowCount();
      if (count > left) {
        break;
      }
      reader.skipNextRowGroup();
      nextGroup++;
      leftGroups--;
      left -= count;
    }
    while (left-- > 0 && next()) {
      // read and forgotten
    }
    return this;
  }

  private RecordMaterializer<Row> materializer() {
    return new RecordMaterializer<>() {
      @Override
      public Row getCurrentRecord() {
        return row;
      }

      @Override
      public GroupConverter getRootConverter() {
        return row;
      }
    };
  }

  /** Bytes, a {@link NumberList}, {@link CellConverters.Numbers#RAGGED}, or null. */
  Object image() {
    return image.value();
  }

  /** As {@link CellConverters.Word} writes it; null if there is none. */
  String label() {
    return label == null ? partitionLabel : (String) label.value();
  }

  /** Whether blanks around the label were left out. */
  boolean labelStripped() {
    return label != null && label.stripped();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
