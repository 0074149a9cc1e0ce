package io.sparkcam.table;

import io.sparkcam.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The rows of several files, one after the other: what {@link RowReader} pushes, to be pulled. */
public final class RowCursor<T> implements Closeable {
  private final Iterator<Path> files;
  private final Configuration configuration;
  private final Function<RowReader, T> of;
  private final String[] columns;
  private Path file;
  private RowReader reader;

  /**
   * Reads files in their order.
   *
   * @param of takes what is wanted of a row
   * @param columns that it asks for
   */
  public RowCursor(
      List<Path> files, Configuration configuration, Function<RowReader, T> of, String... columns) {
    this.files = files.iterator();
    this.configuration = configuration;
    this.of = of;
    this.columns = columns.clone();
  }

  /** The next row; empty after the last. */
  public Optional<T> next() throws IOException {
    try {
      while (reader == null || !reader.next()) {
        close();
        if (!files.hasNext()) {
          return Optional.empty();
        }
        file = files.next();
        reader = RowReader.open(file, configuration, columns);
      }
      return Optional.of(of.apply(reader));
    } catch (RuntimeException e) { // what Parquet throws for bytes that are not its own
      throw new IOException(Storage.name(file) + ": cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
