package io.sparkcam.data.table;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** A Parquet file of a table. */
final class TableFile implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final HashMap<String, String> partition;

  /**
   * @param path relative to the data set
   * @param partition columns that its directories give it, as in {@code label=3/}; null values for
   *     rows without
   */
  TableFile(String path, Map<String, String> partition) {
    this.path = path;
    this.partition = new HashMap<>(partition);
  }

  String path() {
    return path;
  }

  Map<String, String> partition() {
    return partition;
  }

  @Override
  public String toString() {
    return path;
  }
}
