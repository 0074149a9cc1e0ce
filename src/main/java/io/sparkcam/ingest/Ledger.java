package io.sparkcam.ingest;

import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.dataset.Part;
import io.sparkcam.run.RunDirectory;
import io.sparkcam.table.RowsWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Where every record went, as two tables that grow on the local disk until a run takes them:
 *
 * <ul>
 *   <li>{@link #SOURCES}, a row an image that is used: {@code part}, {@code id}, {@code source},
 *       {@code label} (null if unknown), {@code sha256} of the image as it is stored
 *   <li>{@link #QUARANTINE}, a row a record that is not: {@code part}, {@code source}, {@code
 *       reason}
 * </ul>
 */
final class Ledger implements Closeable {
  static final String SOURCES = Sources.FILE;
  static final String QUARANTINE = "quarantine.parquet";

  private final Path directory;
  private final RowsWriter sources;
  private final RowsWriter quarantine;

  private Ledger(Path directory, RowsWriter sources, RowsWriter quarantine) {
    this.directory = directory;
    this.sources = sources;
    this.quarantine = quarantine;
  }

  /** Begins both tables in a directory. */
  static Ledger in(Path directory) throws IOException {
    StructType bad =
        new StructType()
            .add("part", DataTypes.StringType, false)
            .add("source", DataTypes.StringType, false)
            .add("reason", DataTypes.StringType, false);
    return new Ledger(
        directory,
        RowsWriter.of(Sources.SCHEMA, Files.newOutputStream(directory.resolve(SOURCES))),
        RowsWriter.of(bad, Files.newOutputStream(directory.resolve(QUARANTINE))));
  }

  void good(Part part, long id, String source, int label, String sha256) throws IOException {
    Integer known = label == ImageBlock.UNKNOWN ? null : (Integer) label;
    sources.write(part.label(), id, source, known, sha256);
  }

  void bad(Part part, String source, String reason) throws IOException {
    quarantine.write(part.label(), source, reason);
  }

  /** Ends the tables and copies them into a run, that of bad records only if it is wanted. */
  void leave(RunDirectory run, BadRecords policy) throws IOException {
    close();
    run.write(SOURCES, out -> Files.copy(directory.resolve(SOURCES), out));
    if (policy == BadRecords.QUARANTINE) {
      run.write(QUARANTINE, out -> Files.copy(directory.resolve(QUARANTINE), out));
    }
  }

  @Override
  public void close() throws IOException {
    sources.close();
    quarantine.close();
  }
}
