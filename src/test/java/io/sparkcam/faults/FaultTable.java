package io.sparkcam.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was tried and what became of it, as a table in {@code target/faults.txt}. */
final class FaultTable {
  private static final Path FILE = Path.of("target", "faults.txt");
  private static final Map<String, long[]> TABLE = new LinkedHashMap<>();

  private FaultTable() {}

  /** A fault happened; so many rows of the table are not there. */
  static synchronized void tried(String fault, long rowsLost) {
    add(fault, 1, 0, rowsLost);
  }

  /** It did no harm. */
  static synchronized void survived(String fault) {
    add(fault, 0, 1, 0);
  }

  /** So many faults were found, each of them. */
  static synchronized void found(String fault, long count) {
    add(fault, count, count, 0);
  }

  private static void add(String fault, long... counts) {
    long[] all = TABLE.computeIfAbsent(fault, f -> new long[counts.length]);
    for (int i = 0; i < counts.length; i++) {
      all[i] += counts[i];
    }
    StringBuilder text = new StringBuilder("| fault | tried | survived | rows lost |\n");
    text.append("| --- | --- | --- | --- |\n");
    TABLE.forEach(
        (name, row) ->
            text.append("| %s | %,d | %,d | %,d |\n".formatted(name, row[0], row[1], row[2])));
    try {
      Files.writeString(FILE, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
