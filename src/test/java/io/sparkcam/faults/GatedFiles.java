package io.sparkcam.faults;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;

/**
 * The local file system, which notes all that is done to its files and can stop a process right
 * before some of these operations: {@code create}, {@code close}, {@code rename}, {@code delete}. A
 * file that is stopped before it is closed lacks its end.
 */
public final class GatedFiles extends WatchedFiles {
  static final String DIRECTORY = "sparkcam.fault.gate";

  /**
   * With a fault's number behind it: what happens, a {@link Then}, and a regular expression of
   * where, an operation and its number among all such as {@code 17 create /x/y}.
   */
  static final String AT = "sparkcam.fault.at.";

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
    for (Map.Entry<String, String> fault : getConf().getPropsWithPrefix(AT).entrySet()) {
      String[] words = fault.getValue().split(" ", 2);
      Gate gate = new Gate(Path.of(directory), Integer.parseInt(fault.getKey()));
      if ((number + " " + operation).matches(words[1]) && gate.reach()) {
        return passes(gate, Then.valueOf(words[0]), operation);
      }
    }
    return true;
  }

  private static boolean passes(Gate gate, Then then, String operation)
      throws InterruptedIOException {
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
