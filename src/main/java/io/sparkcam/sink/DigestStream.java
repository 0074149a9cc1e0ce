package io.sparkcam.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.parquet.io.PositionOutputStream;

/** Counts and digests what goes through to a file. */
final class DigestStream extends PositionOutputStream {
  private final OutputStream file;
  private final MessageDigest digest = sha256();
  private long position;

  DigestStream(OutputStream file) {
    this.file = file;
  }

  static MessageDigest sha256() {
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
  String digest() {
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
}
