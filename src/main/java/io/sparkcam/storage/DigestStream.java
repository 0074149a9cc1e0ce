package io.sparkcam.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.PositionOutputStream;

/** Counts and digests what goes through to a file. */
public final class DigestStream extends PositionOutputStream {
  private final OutputStream file;
  private final MessageDigest digest = sha256();
  private long position;

  public DigestStream(OutputStream file) {
    this.file = file;
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public long getPos() {
    return position;
  }

  /** SHA-256 of everything written, in hexadecimal; ends the digest. */
  public String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void write(int b) throws IOException {
    file.write(b);
    digest.update((byte) b);
    position++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    file.write(bytes, offset, length);
    digest.update(bytes, offset, length);
    position += length;
  }

  @Override
  public void flush() throws IOException {
    file.flush();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Of that many bytes and one more: a device in a file's place need not end. */
  public static String sha256(FileSystem files, Path file, long bytes) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = files.open(file)) {
      long left = bytes + 1;
      for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
        digest.update(buffer, 0, (int) Math.min(read, left));
        left -= read;
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
