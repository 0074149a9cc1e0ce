package io.sparkcam.run;

import io.sparkcam.table.RowsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a query as one Parquet file of a run, in their order. For results that the driver can
 * hold: it collects them and writes them itself, so that no task leaves anything behind.
 */
public final class RowsFile implements RunDirectory.Content {
  private final StructType schema;
  private final List<InternalRow> rows;

  private RowsFile(StructType schema, List<InternalRow> rows) {
    this.schema = schema;
    this.rows = rows;
  }

  /** Runs the query. */
  public static RowsFile of(Dataset<Row> query) {
    // Spark hands out every row of a partition as the same object.
    return new RowsFile(
        query.schema(),
        query.queryExecution().toRdd().toJavaRDD().map(InternalRow::copy).collect());
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (RowsWriter writer = RowsWriter.of(schema, out)) {
      for (InternalRow row : rows) {
        writer.write(row);
      }
    }
  }
}
