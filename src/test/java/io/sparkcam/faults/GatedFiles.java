package io.sparkcam.faults;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;

/**
 * The local file system, which notes all that is done to its files and can stop a process right
 * before one of these operations: {@code create}, {@code close}, {@code rename}, {@code delete}. A
 * file that is stopped before it is closed lacks its end.
 */
public final class GatedFiles extends WatchedFiles {
  static final String DIRECTORY = "sparkcam.fault.gate";

  /** The operations to stop at: a regular expression of one such as {@code create /x/y}. */
  static final String AT = "sparkcam.fault.at";

  /** Or the number of the operation among all, from 1. */
  static final String NUMBER = "sparkcam.fault.number";

  /** What happens there, a {@link Then}. */
  static final String THEN = "sparkcam.fault.then";

  static final String TRACE = "trace";

  /** What happens at the operation. */
  enum Then {
    /** It waits. */
    HOLD,
    /** It goes on at once. */
    PASS,
    /** It fails, as the file system says that: rename returns false, others throw. */
    REFUSE
  }

  private static final AtomicInteger COUNT = new AtomicInteger();

  @Override
  public void initialize(java.net.URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    setConf(configuration);
  }

  /** Whether the operation may be done. */
  private boolean allows(String operation) throws IOException {
    String directory = getConf().get(DIRECTORY, "");
    if (directory.isEmpty()) {
      return true;
    }
    int number;
    synchronized (COUNT) {
      number = COUNT.incrementAndGet();
      Files.writeString(
          Path.of(directory, TRACE),
          operation + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    boolean here =
        number == getConf().getInt(NUMBER, 0) || operation.matches(getConf().get(AT, ""));
    Then then = Then.valueOf(getConf().get(THEN, Then.PASS.name()));
    Gate gate = new Gate(Path.of(directory));
    if (!here || !gate.reach()) {
      return true;
    }
    if (then == Then.HOLD) {
      try {
        gate.hold();
      } catch (InterruptedException e) {
        throw new InterruptedIOException(operation);
      }
    }
    return then != Then.REFUSE;
  }

  @Override
  void before(String operation, org.apache.hadoop.fs.Path path) throws IOException {
    if (!allows(operation + " " + path.toUri().getPath())) {
      throw new IOException(path.toUri().getPath() + ": " + operation + " refused");
    }
  }

  private final class Gated extends FSDataOutputStream {
    private final org.apache.hadoop.fs.Path path;
    private boolean closed;

    Gated(FSDataOutputStream out, org.apache.hadoop.fs.Path path) throws IOException {
      super(out, null);
      this.path = path;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        before("close", path);
      }
      super.close();
    }
  }

  @Override
  FSDataOutputStream watched(FSDataOutputStream out, org.apache.hadoop.fs.Path path)
      throws IOException {
    return new Gated(out, path);
  }

  @Override
  public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    String operation = "rename " + from.toUri().getPath() + " " + to.toUri().getPath();
    return allows(operation) && super.rename(from, to);
  }
}
