package io.sparkcam.table;

import io.sparkcam.storage.DigestStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Writes rows into one Parquet file as Spark writes them, with its metadata, on the driver. */
public final class RowsWriter implements Closeable {
  private final ParquetOutput file;
  private final ParquetWriter<InternalRow> writer;

  private RowsWriter(ParquetOutput file, ParquetWriter<InternalRow> writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * Begins a file.
   *
   * @param out is closed with the writer
   */
  public static RowsWriter of(StructType schema, OutputStream out) throws IOException {
    ParquetOutput file = new ParquetOutput(new DigestStream(out));
    return new RowsWriter(
        file,
        new Builder(file)
            .withConf(configuration(schema))
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build());
  }

  /** What Spark's own writer is told. */
  private static Configuration configuration(StructType schema) {
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

  /** Writes a row. */
  public void write(InternalRow row) throws IOException {
    writer.write(row);
  }

  /** Writes a row of these values: boxed numbers, strings, arrays of floats, nulls. */
  public void write(Object... values) throws IOException {
    Object[] internal = Arrays.stream(values).map(RowsWriter::internal).toArray();
    writer.write(new GenericInternalRow(internal));
  }

  private static Object internal(Object value) {
    if (value instanceof String text) {
      return UTF8String.fromString(text);
    }
    return value instanceof float[] floats ? UnsafeArrayData.fromPrimitiveArray(floats) : value;
  }

  @Override
  public void close() throws IOException {
    file.beginEnd();
    writer.close();
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
