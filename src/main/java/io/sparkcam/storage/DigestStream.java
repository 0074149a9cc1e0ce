package io.sparkcam.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.apache.parquet.io.PositionOutputStream;

/** Counts and digests what goes through to a file. */
public final class DigestStream extends PositionOutputStream {
  private final OutputStream file;
  private final MessageDigest digest = Sha256.digest();
  private long position;

  public DigestStream(OutputStream file) {
    this.file = file;
  }

  @Override
  public long getPos() {
    return position;
  }

  /** SHA-256 of everything written, in hexadecimal; ends the digest. */
  public String digest() {
    return Sha256.of(digest);
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
