package io.sparkcam.table;

import io.sparkcam.data.ingest.RowFiles.RowFile;
import io.sparkcam.data.ingest.RowFiles.WrittenFile;
import io.sparkcam.storage.DigestStream;
import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
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

/** Writes rows into one Parquet file as Spark writes them, with its metadata. */
public final class RowsWriter implements RowFile {
  private final String name;
  private final DigestStream bytes;
  private final ParquetOutput file;
  private final ParquetWriter<InternalRow> writer;

  private boolean closed;

  private RowsWriter(
      String name, DigestStream bytes, ParquetOutput file, ParquetWriter<InternalRow> writer) {
    this.name = name;
    this.bytes = bytes;
    this.file = file;
    this.writer = writer;
  }

  /** Begins a file that is not there, in a directory that is: for tasks. */
  public static RowsWriter create(Path file, StructType schema, Configuration configuration)
      throws IOException {
    OutputStream out = Storage.create(Storage.of(file, configuration), file);
    return of(file.toString(), schema, out);
  }

  /**
   * Begins a file.
   *
   * @param out is closed with the writer
   */
  public static RowsWriter of(StructType schema, OutputStream out) throws IOException {
    return of("", schema, out);
  }

  private static RowsWriter of(String name, StructType schema, OutputStream out)
      throws IOException {
    DigestStream bytes = new DigestStream(out);
    ParquetOutput file = new ParquetOutput(bytes);
    return new RowsWriter(
        name,
        bytes,
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

  /** Writes a row of these values: boxed numbers, strings, arrays of floats and doubles, nulls. */
  @Override
  public void write(Object... values) throws IOException {
    Object[] internal = Arrays.stream(values).map(RowsWriter::internal).toArray();
    writer.write(new GenericInternalRow(internal));
  }

  private static Object internal(Object value) {
    if (value instanceof String text) {
      return UTF8String.fromString(text);
    }
    if (value instanceof double[] doubles) {
      return UnsafeArrayData.fromPrimitiveArray(doubles);
    }
    return value instanceof float[] floats ? UnsafeArrayData.fromPrimitiveArray(floats) : value;
  }

  @Override
  public WrittenFile finish() throws IOException {
    close();
    return new WrittenFile(name, bytes.getPos(), bytes.digest());
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      file.beginEnd();
      writer.close();
    }
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
      // Under a running session it would start that session's SQL, which takes seconds.
      return SQLConf.withExistingConf(new SQLConf(), ParquetWriteSupport::new);
    }
  }
}
