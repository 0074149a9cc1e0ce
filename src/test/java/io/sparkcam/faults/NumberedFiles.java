package io.sparkcam.faults;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local file system, which numbers what is done to its files and has the fault of {@link
 * Faults} strike at one of them: create, write (the first of a file), sync, close, rename, delete,
 * list, mkdirs, open.
 */
public final class NumberedFiles extends WatchedFiles {

  private static void operate(String operation, Path path) throws IOException {
    Faults.operate(operation + " " + path.toUri().getPath());
  }

  @Override
  void before(String operation, Path path) throws IOException {
    operate(operation, path);
  }

  @Override
  FSDataOutputStream watched(FSDataOutputStream out, Path path) throws IOException {
    return new Numbered(out, path);
  }

  /** What was written before a fault stays, as on a disk. */
  private static final class Numbered extends FSDataOutputStream {
    private final FSDataOutputStream wrapped;
    private final Path path;
    private boolean closed;

    Numbered(FSDataOutputStream out, Path path) throws IOException {
      super(new Writes(out, path), null);
      this.wrapped = out;
      this.path = path;
    }

    @Override
    public void hsync() throws IOException {
      operate("sync", path);
      wrapped.hsync();
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        try {
          operate("close", path);
        } finally {
          wrapped.close();
        }
      }
    }
  }

  private static final class Writes extends OutputStream {
    private final OutputStream out;
    private final Path path;
    private boolean begun;

    Writes(OutputStream out, Path path) {
      this.out = out;
      this.path = path;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int before = 0;
      if (!begun) {
        begun = true;
        before = length / 2;
        out.write(bytes, offset, before);
        operate("write", path);
      }
      out.write(bytes, offset + before, length - before);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    operate("open", path);
    return super.open(path, bufferSize);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    operate("rename", from);
    return super.rename(from, to);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    operate("list", path);
    return super.listStatus(path);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    operate("mkdirs", path);
    return super.mkdirs(path);
  }

  /** Hadoop starts a process for each. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}
}
