package io.sparkcam.verify;

import io.sparkcam.storage.ParquetFooter;
import io.sparkcam.table.PartFile;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** Reads the footer of one part of a table, on an executor: its columns and its count of rows. */
public final class FooterCheck implements Function<PartFile, CheckResults> {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final String schema;
  private final SerializableConfiguration configuration;

  /**
   * Checks parts of one table.
   *
   * @param schema as Parquet writes it
   */
  public FooterCheck(Path table, String schema, SerializableConfiguration configuration) {
    this.table = table.toString();
    this.schema = schema;
    this.configuration = configuration;
  }

  @Override
  public CheckResults call(PartFile part) throws IOException {
    CheckResults tally = new CheckResults();
    tally.examine(Check.SCHEMA);
    Path file = new Path(table, part.name());
    MessageType expected = MessageTypeParser.parseMessageType(schema);
    InputFile input = HadoopInputFile.fromPath(file, configuration.value());
    ParquetFooter.check(input, part.name());
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      MessageType found = reader.getFileMetaData().getSchema();
      if (!found.equals(expected)) {
        tally.fail(
            Check.SCHEMA,
            part.firstId(),
            "%s: columns %s, expected %s".formatted(part.name(), line(found), line(expected)));
      } else if (reader.getRecordCount() != part.rows()) {
        tally.fail(
            Check.SCHEMA,
            part.firstId(),
            "%s: %s rows, expected %s"
                .formatted(part.name(), reader.getRecordCount(), part.rows()));
      }
    } catch (RuntimeException e) { // what Parquet throws for bytes that are not its own
      throw new IOException(part.name() + ": cannot be read: " + e.getMessage(), e);
    }
    return tally;
  }

  private static String line(MessageType type) {
    return type.toString().replaceAll("\\s+", " ");
  }
}
