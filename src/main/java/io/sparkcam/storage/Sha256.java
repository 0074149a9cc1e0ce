package io.sparkcam.storage;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** SHA-256, written as sha256sum writes it: in lower-case hexadecimal. */
public final class Sha256 {
  private Sha256() {}

  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Ends a digest. */
  public static String of(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** Of that many bytes of a file and one more: a device in its place need not end. */
  public static String of(FileSystem files, Path file, long bytes) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = files.open(file)) {
      long left = bytes + 1;
      for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
        digest.update(buffer, 0, (int) Math.min(read, left));
        left -= read;
      }
    }
    return of(digest);
  }
}
