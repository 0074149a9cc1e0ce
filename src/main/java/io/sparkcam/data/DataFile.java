package io.sparkcam.data;

import io.sparkcam.storage.Storage;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file that ranges are read of. Used by one thread: an interrupted one may close the file. */
public final class DataFile implements Closeable {
  private final Path path;
  private final FSDataInputStream in;
  private final long length;

  private DataFile(Path path, FSDataInputStream in, long length) {
    this.path = path;
    this.in = in;
    this.length = length;
  }

  static DataFile open(String address, Configuration hadoop) throws IOException {
    Path path = new Path(address);
    FileSystem files = Storage.of(path, hadoop);
    long length = files.getFileStatus(path).getLen();
    return new DataFile(path, files.open(path), length);
  }

  String name() {
    return Storage.name(path);
  }

  /** Refuses a file of another length. */
  void requireLength(long expected, long records) throws IOException {
    if (length != expected) {
      throw new IOException(
          "%s: %s bytes, expected %s for %s images".formatted(name(), length, expected, records));
    }
  }

  /** The bytes of a range. */
  byte[] read(long place, int count) throws IOException {
    byte[] bytes = new byte[count];
    try {
      in.readFully(place, bytes, 0, count);
    } catch (EOFException e) {
      throw new IOException(
          "%s: ends before byte %s, expected %s bytes from byte %s"
              .formatted(name(), place + count, count, place),
          e);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
