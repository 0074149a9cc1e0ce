package io.sparkcam.data.ingest;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Where the tasks that ingest write. */
public final class IngestPlace implements Serializable {
  private static final long serialVersionUID = 1L;
  private final String chunks;
  private final String tables;
  private final RowFiles rows;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param chunks an existing directory that all executors see, for chunks
   * @param tables the same, for tables that become a run's
   * @param rows how tables are written
   * @param hadoop as Spark configures it
   */
  public IngestPlace(
      Path chunks, Path tables, RowFiles rows, Broadcast<SerializableConfiguration> hadoop) {
    this.chunks = chunks.toString();
    this.tables = tables.toString();
    this.rows = rows;
    this.hadoop = hadoop;
  }

  /** A directory for chunks. */
  public Path chunks() {
    return new Path(chunks);
  }

  /** A file of a table. */
  Path table(String name) {
    return new Path(tables, name);
  }

  RowFiles rows() {
    return rows;
  }

  /** As Spark configures it, in a task. */
  public Configuration hadoop() {
    return hadoop.value().value();
  }
}
