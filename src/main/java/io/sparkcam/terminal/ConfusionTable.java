package io.sparkcam.terminal;

import io.sparkcam.text.PlainTable;
import io.sparkcam.text.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How often each class was taken for which, as a table for the terminal: a row for each true class,
 * a column for each predicted one.
 *
 * <p>Recall is the share of a true class's images that were found, precision the share of a
 * predicted class's images that belong to it, accuracy the share of all that were right; {@code -}
 * where there is nothing to take a share of.
 */
public final class ConfusionTable {
  private static final String NONE = "-";

  private final List<String> classes;
  private final long[][] counts;

  private ConfusionTable(List<String> classes, long[][] counts) {
    this.classes = classes;
    this.counts = counts;
  }

  /**
   * The table of these counts.
   *
   * @param classes names, by class
   * @param counts (true class, predicted class)
   */
  public static ConfusionTable of(List<String> classes, long[][] counts) {
    int expected = classes.size();
    boolean square = Arrays.stream(counts).allMatch(row -> row.length == expected);
    if (counts.length != expected || !square) {
      throw new IllegalArgumentException(
          "counts: shape " + shape(counts) + ", expected " + expected + " x " + expected);
    }
    return new ConfusionTable(
        List.copyOf(classes), Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new));
  }

  private static String shape(long[][] counts) {
    return counts.length
        + " x "
        + Arrays.toString(Arrays.stream(counts).mapToInt(row -> row.length).distinct().toArray());
  }

  /** The table, a line for each row, each ended. */
  public String text() {
    int size = classes.size();
    String[][] cells = new String[size + 2][size + 2];
    cells[0][0] = "predicted";
    cells[0][size + 1] = "recall";
    cells[size + 1][0] = "precision";
    cells[size + 1][size + 1] = "";
    for (int i = 0; i < size; i++) {
      int index = i;
      cells[0][i + 1] = Integer.toString(i);
      cells[i + 1][0] = i + " " + Printable.of(classes.get(i));
      for (int j = 0; j < size; j++) {
        cells[i + 1][j + 1] = Long.toString(counts[i][j]);
      }
      long inRow = Arrays.stream(counts[i]).sum();
      long inColumn = Arrays.stream(counts).mapToLong(row -> row[index]).sum();
      cells[i + 1][size + 1] = share("%.3f", counts[i][i], inRow);
      cells[size + 1][i + 1] = share("%.3f", counts[i][i], inColumn);
    }
    long right = IntStream.range(0, size).mapToLong(i -> counts[i][i]).sum();
    long all = Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    return PlainTable.aligned(cells)
        + String.format(
            Locale.ROOT, "accuracy %s (%,d of %,d)%n", share("%.4f", right, all), right, all);
  }

  private static String share(String format, long part, long whole) {
    return whole == 0 ? NONE : String.format(Locale.ROOT, format, (double) part / whole);
  }
}
