package io.sparkcam.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What was tried and what became of it. */
final class FaultTable {
  private static Path file = Path.of("target", "faults.txt");
  private static final Map<String, long[]> TABLE = new TreeMap<>();

  private FaultTable() {}

  /** Where the table goes, in {@code target}. */
  static synchronized void into(String name) {
    file = Path.of("target", name);
  }

  /** A fault is about to happen. */
  static synchronized void tried(String fault) {
    add(fault, 1, 0, 0);
  }

  /** Not even tried here. */
  static synchronized void leftOut(String faults) {
    add(faults, 0, 0, 0);
  }

  /** So many rows of the table are not there after it. */
  static synchronized void lost(String fault, long rows) {
    add(fault, 0, 0, rows);
  }

  /** It did no harm: the last thing to be said of it. */
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
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
