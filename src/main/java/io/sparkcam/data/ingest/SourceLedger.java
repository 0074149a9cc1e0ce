package io.sparkcam.data.ingest;

import io.sparkcam.storage.Storage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The good sources of a partition as a task notes them while their ids are not known: name, label
 * and SHA-256.
 */
final class SourceLedger {
  static final int SHA256 = 32;
  private static final int BUFFER = 1 << 16;

  private SourceLedger() {}

  /** A source. */
  record Entry(String name, int label, byte[] sha256) {}

  static DataOutputStream create(Path file, Configuration hadoop) throws IOException {
    return new DataOutputStream(
        new BufferedOutputStream(Storage.create(Storage.of(file, hadoop), file), BUFFER));
  }

  static void write(DataOutputStream out, String name, int label, byte[] sha256)
      throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.writeInt(label);
    out.write(sha256);
  }

  static DataInputStream open(Path file, Configuration hadoop) throws IOException {
    return new DataInputStream(
        new BufferedInputStream(Storage.of(file, hadoop).open(file), BUFFER));
  }

  static Entry read(DataInputStream in) throws IOException {
    String name = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    int label = in.readInt();
    return new Entry(name, label, in.readNBytes(SHA256));
  }
}
