package io.sparkcam.text;

import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err complaints
 * @param columns width of the terminal that {@code out} is; 0 when it is none, as in a log
 */
public record Console(PrintWriter out, PrintWriter err, int columns) {
  public Console {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
    if (columns < 0) {
      throw new IllegalArgumentException("columns: " + columns + ", expected 0 or more");
    }
  }

  private static PrintWriter plain(PrintStream stream) {
    return new PrintWriter(
        new PlainWriter(new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8))),
        true);
  }

  /**
   * The process's own streams. Whether they are a terminal only the shell knows for certain: the
   * environment variable SPARKCAM_COLUMNS is its width, and not set where there is none.
   */
  public static Console ofProcess() {
    String columns = System.getenv().getOrDefault("SPARKCAM_COLUMNS", "");
    return new Console(
        plain(System.out),
        plain(System.err),
        columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : 0);
  }
}
