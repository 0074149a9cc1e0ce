package io.sparkcam.data.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;

/** Opens Parquet files for the rows that tasks write; the room of tables knows how. */
@FunctionalInterface
public interface RowFiles extends Serializable {
  /** Begins a file that is not there, in a directory that is. */
  RowFile create(Path file, StructType schema, Configuration configuration) throws IOException;

  /** A file that is being written. */
  interface RowFile extends Closeable {
    /** Writes a row of these values: boxed numbers, strings, nulls. */
    void write(Object... values) throws IOException;

    /** Ends the file. */
    WrittenFile finish() throws IOException;
  }

  /** A finished file. Not a record type, which Kryo cannot read. */
  final class WrittenFile implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String file;
    private final long bytes;
    private final String sha256;

    /**
     * @param file its address
     * @param sha256 in lower-case hexadecimal
     */
    public WrittenFile(String file, long bytes, String sha256) {
      this.file = file;
      this.bytes = bytes;
      this.sha256 = sha256;
    }

    public String file() {
      return file;
    }

    public long bytes() {
      return bytes;
    }

    public String sha256() {
      return sha256;
    }
  }
}
