package io.sparkcam.cluster;

import io.sparkcam.storage.Storage;
import io.sparkcam.text.Console;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.commons.io.output.TeeWriter;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a driver ended that ran somewhere on the cluster: a small file, because some masters report
 * success whatever the driver's exit code was, and what it said is in a log on the cluster. The
 * first line is the exit code, the second why it is not 0, the rest what the command printed.
 */
public final class DriverResult {
  /** Where the driver leaves it; not set where whoever submitted sees the driver itself. */
  private static final String FILE = "spark.sparkcam.result";

  private static final int LONGEST = 1 << 16;

  private DriverResult() {}

  /** What is printed, also kept in {@code copy} where a file is wanted. */
  public static Console kept(Console console, Writer copy) {
    return System.getProperty(FILE) == null
        ? console
        : new Console(
            new PrintWriter(new TeeWriter(console.out(), copy), true),
            console.err(),
            console.columns());
  }

  /**
   * Leaves the file, where one is wanted.
   *
   * @param complaint one line; empty where the code is 0
   * @param said what the command printed
   * @throws IOException when it cannot be written
   */
  public static void leave(int code, String complaint, String said) throws IOException {
    String file = System.getProperty(FILE);
    if (file == null) {
      return;
    }
    Path path = new Path(file);
    Path begun = path.suffix(".begun");
    FileSystem files = path.getFileSystem(Storage.configuration());
    try (FSDataOutputStream out = files.create(begun, true)) {
      out.write((code + "\n" + complaint + "\n" + said).getBytes(StandardCharsets.UTF_8));
    }
    if (!files.rename(begun, path)) {
      throw new IOException(begun + ": cannot be renamed to " + path);
    }
  }

  /**
   * Ends with the driver's exit code, or, where it left none, with 1 and a line that says so.
   *
   * @param args the file, and the exit code of the submission
   */
  public static void main(String[] args) {
    int code;
    try {
      code = take(new Path(args[0]));
    } catch (IOException e) {
      int submission = Integer.parseInt(args[1]);
      System.err.println(
          "sparkcam: the driver left no exit code in "
              + args[0]
              + " ("
              + e.getMessage()
              + "); spark-submit ended with "
              + submission
              + ". The cluster's pages have the driver's log.");
      code = Math.max(1, submission);
    }
    System.exit(code);
  }

  private static int take(Path path) throws IOException {
    FileSystem files = path.getFileSystem(Storage.configuration());
    String text;
    try (FSDataInputStream in = files.open(path)) {
      text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw new IOException("no such file", e);
    }
    String[] lines = text.split("\n", 3);
    if (lines.length < 3 || !lines[0].matches("[0-9]{1,3}")) {
      throw new IOException("it does not begin with an exit code and why");
    }
    files.delete(path, false);
    int code = Integer.parseInt(lines[0]);
    System.out.print(lines[2]);
    if (code != 0) {
      System.err.println("sparkcam: " + lines[1]);
    }
    return code;
  }
}
