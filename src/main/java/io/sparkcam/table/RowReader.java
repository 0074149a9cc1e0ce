package io.sparkcam.table;

import io.sparkcam.storage.ParquetFooter;
import io.sparkcam.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * The rows of one Parquet file, a row at a time, columns by name: numbers, strings and lists of
 * floats, straight from the pages. Only the columns that are named are read, of a filtered file
 * only the pages that may hold what is looked for; every page is checked against its CRC-32. A
 * column that nobody asks for in a row is skipped, not decoded.
 */
public final class RowReader implements Closeable {
  private final ParquetFileReader file;
  private final MessageType schema;
  private final Map<String, Values> columns = new HashMap<>();
  private PageReadStore pages;
  private long row;

  private RowReader(ParquetFileReader file, String... names) {
    this.file = file;
    MessageType all = file.getFileMetaData().getSchema();
    List<Type> types = new ArrayList<>();
    for (String name : names) {
      types.add(all.getType(name));
    }
    schema = names.length == 0 ? all : new MessageType(all.getName(), types);
    file.setRequestedSchema(schema);
  }

  /** Takes rows. */
  @FunctionalInterface
  public interface Rows {
    /** Takes the row that the reader stands at, and says whether to go on. */
    boolean accept(RowReader row) throws IOException;
  }

  /**
   * Reads the rows of a file in their order.
   *
   * @param filter rows that do not match may be left out, but need not
   * @param columns all of the file's if none is named
   * @throws IOException also for bytes that are no such file; it names the file
   */
  public static void read(
      Path path,
      Configuration configuration,
      FilterCompat.Filter filter,
      Rows rows,
      String... columns)
      throws IOException {
    try (RowReader reader = open(path, configuration, filter, columns)) {
      boolean wanted = true;
      while (wanted && reader.next()) {
        wanted = rows.accept(reader);
      }
    } catch (OutOfMemoryError e) {
      // It must not be a cause: where one is, Spark ends the process.
      throw new IOException(
          Storage.name(path) + ": cannot be read: declares more than memory holds");
    } catch (RuntimeException e) {
      // What Parquet throws for bytes that are not its own: it takes memory of the sizes that they
      // declare. No heap that a whole table fits through lacks room for a page of a sound one.
      throw new IOException(Storage.name(path) + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads every row. */
  public static void read(Path path, Configuration configuration, Rows rows, String... columns)
      throws IOException {
    read(path, configuration, FilterCompat.NOOP, rows, columns);
  }

  /** Opens a file before its first row; {@link #next()} goes to it. */
  static RowReader open(Path path, Configuration configuration, String... columns)
      throws IOException {
    return open(path, configuration, FilterCompat.NOOP, columns);
  }

  private static RowReader open(
      Path path, Configuration configuration, FilterCompat.Filter filter, String... columns)
      throws IOException {
    var options =
        HadoopReadOptions.builder(configuration)
            .usePageChecksumVerification(true)
            .withRecordFilter(filter)
            .build();
    InputFile file = HadoopInputFile.fromPath(path, configuration);
    ParquetFooter.check(file, Storage.name(path));
    return new RowReader(ParquetFileReader.open(file, options), columns);
  }

  /** Goes to the next row, and says whether there is one. */
  boolean next() throws IOException {
    row++;
    while (pages == null || row >= pages.getRowCount()) {
      pages = file.readNextFilteredRowGroup();
      if (pages == null) {
        return false;
      }
      row = 0;
      var readers =
          new ColumnReadStoreImpl(
              pages, new NoConverter(), schema, file.getFileMetaData().getCreatedBy());
      boolean whole = pages.getRowIndexes().isEmpty();
      columns.clear();
      for (ColumnDescriptor column : schema.getColumns()) {
        long values = whole ? pages.getPageReader(column).getTotalValueCount() : Long.MAX_VALUE;
        columns.put(column.getPath()[0], new Values(readers.getColumnReader(column), values));
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Whether the row has no value in the column. */
  public boolean isNull(String column) {
    return at(column).isNull();
  }

  public int integer(String column) {
    return value(column).getInteger();
  }

  public long number(String column) {
    return value(column).getLong();
  }

  public float real(String column) {
    return value(column).getFloat();
  }

  public double precise(String column) {
    return value(column).getDouble();
  }

  public String string(String column) {
    return value(column).getBinary().toStringUsingUTF8();
  }

  /** All values of a list, whole numbers too: the same array however often a row is asked. */
  public float[] floats(String column) {
    return values(column).list(row);
  }

  private ColumnReader value(String column) {
    Values values = at(column);
    values.requireValue();
    return values.reader;
  }

  private Values at(String column) {
    Values values = values(column);
    values.advanceTo(row);
    return values;
  }

  private Values values(String column) {
    Values values = columns.get(column);
    if (values == null) {
      throw new IllegalArgumentException("column " + column + " is not read");
    }
    return values;
  }

  /** The values of one column in one row group. */
  private static final class Values {
    private final ColumnReader reader;
    private final int present;
    private final boolean whole;
    private long left;
    private long next;
    private float[] buffer = new float[16];
    private float[] listed;

    /**
     * Values from the first on.
     *
     * @param values how many there are, at most
     */
    Values(ColumnReader reader, long values) {
      this.reader = reader;
      this.present = reader.getDescriptor().getMaxDefinitionLevel();
      this.whole =
          reader.getDescriptor().getPrimitiveType().getPrimitiveTypeName()
              == PrimitiveTypeName.INT32;
      this.left = values;
    }

    void advanceTo(long row) {
      while (next < row) {
        skipList();
      }
      if (next > row) {
        throw new IllegalStateException(reader.getDescriptor() + " was read as a list");
      }
      if (left <= 0) {
        throw new ParquetDecodingException(reader.getDescriptor() + " has too few values");
      }
    }

    boolean isNull() {
      return reader.getCurrentDefinitionLevel() < present;
    }

    void requireValue() {
      if (isNull()) {
        throw new ParquetDecodingException(reader.getDescriptor() + " is null");
      }
    }

    private void skipList() {
      do {
        if (!isNull()) {
          reader.skip();
        }
        consume();
      } while (reader.getCurrentRepetitionLevel() > 0 && left > 0);
      next++;
    }

    float[] list(long row) {
      if (next == row + 1 && listed != null) {
        return listed;
      }
      advanceTo(row);
      int size = 0;
      do {
        if (!isNull()) {
          if (size == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * size);
          }
          buffer[size++] = whole ? reader.getInteger() : reader.getFloat();
        }
        consume();
      } while (reader.getCurrentRepetitionLevel() > 0 && left > 0);
      next++;
      listed = Arrays.copyOf(buffer, size);
      return listed;
    }

    private void consume() {
      reader.consume();
      left--;
    }
  }

  /** Nobody converts records: values are taken from their columns. */
  private static final class NoConverter extends GroupConverter {
    private final GroupConverter self = this;

    @Override
    public Converter getConverter(int field) {
      return new Field();
    }

    @Override
    public void start() {}

    @Override
    public void end() {}

    private final class Field extends PrimitiveConverter {
      @Override
      public GroupConverter asGroupConverter() {
        return self;
      }
    }
  }
}
