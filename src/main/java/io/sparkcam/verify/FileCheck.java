package io.sparkcam.verify;

import io.sparkcam.storage.Sha256;
import io.sparkcam.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** Reads one listed file of a run again, on an executor: its size and its digest. */
public final class FileCheck implements Function<FileCheck.Listed, CheckResults> {
  private static final long serialVersionUID = 1L;

  private final String run;
  private final SerializableConfiguration configuration;

  FileCheck(Path run, SerializableConfiguration configuration) {
    this.run = run.toString();
    this.configuration = configuration;
  }

  @Override
  public CheckResults call(Listed listed) throws IOException {
    CheckResults tally = new CheckResults();
    tally.examine(Check.FILES);
    Path file = new Path(run, listed.name);
    FileSystem files = Storage.of(file, configuration.value());
    try {
      long bytes = files.getFileStatus(file).getLen();
      if (bytes != listed.bytes) {
        listed.fail(tally, bytes + " bytes, expected " + listed.bytes);
        return tally;
      }
      String sha256 = Sha256.of(files, file, bytes);
      if (!sha256.equals(listed.sha256)) {
        listed.fail(tally, "SHA-256 " + sha256 + ", expected " + listed.sha256);
      }
    } catch (FileNotFoundException e) {
      listed.fail(tally, "not found");
    }
    return tally;
  }

  /** What the manifest says of a file. */
  static final class Listed implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final long bytes;
    private final String sha256;

    Listed(String name, long bytes, String sha256) {
      this.name = name;
      this.bytes = bytes;
      this.sha256 = sha256;
    }

    String name() {
      return name;
    }

    private void fail(CheckResults tally, String message) {
      tally.fail(Check.FILES, 0, name + ": " + message);
    }
  }
}
