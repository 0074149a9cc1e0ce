package io.sparkcam.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a query as one Parquet file of a run, in their order, as Spark writes them and with
 * its metadata. For results that the driver can hold: it collects them and writes them itself, so
 * that no task leaves anything behind.
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
    ParquetOutput file = new ParquetOutput(new DigestStream(out));
    // The file is small: all of it is the end that is put in order.
    file.beginEnd();
    try (ParquetWriter<InternalRow> writer =
        new Builder(file)
            .withConf(configuration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (InternalRow row : rows) {
        writer.write(row);
      }
    }
  }

  /** What Spark's own writer is told. */
  private Configuration configuration() {
    Configuration configuration = new Configuration(false);
    ParquetWriteSupport.setSchema(schema, configuration);
    SQLConf defaults = new SQLConf();
    configuration.setBoolean(
        SQLConf.PARQUET_WRITE_LEGACY_FORMAT().key(), defaults.writeLegacyParquetFormat());
    configuration.set(
        SQLConf.PARQUET_OUTPUT_TIMESTAMP_TYPE().key(),
        defaults.parquetOutputTimestampType().toString());
    configuration.setBoolean(
        SQLConf.PARQUET_FIELD_ID_WRITE_ENABLED().key(), defaults.parquetFieldIdWriteEnabled());
    return configuration;
  }

  private static final class Builder extends ParquetWriter.Builder<InternalRow, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<InternalRow> getWriteSupport(Configuration configuration) {
      return new ParquetWriteSupport();
    }
  }
}
