package io.sparkcam.sink;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** Reads one listed file of a run again, on an executor: its size and its digest. */
final class FileCheck implements Function<FileCheck.Listed, Tally> {
  private static final long serialVersionUID = 1L;
  private static final int BUFFER_SIZE = 1 << 20;

  private final String run;
  private final SerializableConfiguration configuration;

  FileCheck(Path run, SerializableConfiguration configuration) {
    this.run = run.toString();
    this.configuration = configuration;
  }

  @Override
  public Tally call(Listed listed) throws IOException {
    Tally tally = new Tally();
    tally.examine(Check.FILES);
    Path file = new Path(run, listed.name);
    FileSystem files = Storage.of(file, configuration.value());
    try {
      long bytes = files.getFileStatus(file).getLen();
      String sha256 = sha256(files, file);
      if (bytes != listed.bytes) {
        listed.fail(tally, bytes + " bytes, expected " + listed.bytes);
      } else if (!sha256.equals(listed.sha256)) {
        listed.fail(tally, "SHA-256 " + sha256 + ", expected " + listed.sha256);
      }
    } catch (FileNotFoundException e) {
      listed.fail(tally, "not found");
    }
    return tally;
  }

  static String sha256(FileSystem files, Path file) throws IOException {
    MessageDigest digest = DigestStream.sha256();
    byte[] buffer = new byte[BUFFER_SIZE];
    try (InputStream in = files.open(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
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

    private void fail(Tally tally, String message) {
      tally.fail(Check.FILES, 0, name + ": " + message);
    }
  }
}
