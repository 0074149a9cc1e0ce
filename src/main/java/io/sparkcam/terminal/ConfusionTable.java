package io.sparkcam.terminal;

import io.sparkcam.text.PlainTable;
import io.sparkcam.text.Printable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How often each class was taken for which, as a table for the terminal: a row for each true class,
 * a column for each predicted one.
 *
 * <p>Recall is the share of a true class's images that were found, precision the share of a
 * predicted class's images that belong to it, accuracy the share of all that were right; {@code -}
 * where there is nothing to take a share of. Of many classes only those of lowest recall are shown,
 * each with the class that it is most often taken for.
 */
public final class ConfusionTable {
  private static final String NONE = "-";

  /** More classes make no table that can be read. */
  private static final int MOST_CLASSES = 24;

  private static final int SHOWN = 10;
  private static final int MOST_LETTERS = 40;

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
    long right = IntStream.range(0, size).mapToLong(i -> counts[i][i]).sum();
    long all = Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    return PlainTable.aligned(size > MOST_CLASSES ? lowest() : square())
        + String.format(
            Locale.ROOT, "accuracy %s (%,d of %,d)%n", share("%.4f", right, all), right, all);
  }

  private String[][] square() {
    int size = classes.size();
    String[][] cells = new String[size + 2][size + 2];
    cells[0][0] = "predicted";
    cells[0][size + 1] = "recall";
    cells[size + 1][0] = "precision";
    cells[size + 1][size + 1] = "";
    for (int i = 0; i < size; i++) {
      cells[0][i + 1] = Integer.toString(i);
      cells[i + 1][0] = name(i);
      for (int j = 0; j < size; j++) {
        cells[i + 1][j + 1] = Long.toString(counts[i][j]);
      }
      cells[i + 1][size + 1] = recall(i);
      cells[size + 1][i + 1] = precision(i);
    }
    return cells;
  }

  private String[][] lowest() {
    List<Integer> shown =
        IntStream.range(0, classes.size())
            .boxed()
            .filter(i -> images(i) > 0)
            .sorted(
                Comparator.<Integer>comparingDouble(i -> (double) counts[i][i] / images(i))
                    .thenComparingLong(i -> -images(i)))
            .limit(SHOWN)
            .toList();
    String[][] cells = new String[shown.size() + 1][];
    cells[0] = new String[] {"lowest recall", "images", "recall", "precision", "taken for"};
    for (int row = 0; row < shown.size(); row++) {
      int i = shown.get(row);
      int other =
          IntStream.range(0, classes.size())
              .boxed()
              .filter(j -> j != i)
              .max(Comparator.<Integer>comparingLong(j -> counts[i][j]).thenComparing(j -> -j))
              .orElseThrow();
      String taken = counts[i][other] == 0 ? NONE : name(other) + ": " + counts[i][other];
      cells[row + 1] =
          new String[] {name(i), Long.toString(images(i)), recall(i), precision(i), taken};
    }
    return cells;
  }

  private String name(int index) {
    String name = Printable.of(classes.get(index));
    return index
        + " "
        + (name.length() > MOST_LETTERS ? name.substring(0, MOST_LETTERS) + "..." : name);
  }

  private long images(int index) {
    return Arrays.stream(counts[index]).sum();
  }

  private String recall(int index) {
    return share("%.3f", counts[index][index], images(index));
  }

  private String precision(int index) {
    return share(
        "%.3f", counts[index][index], Arrays.stream(counts).mapToLong(r -> r[index]).sum());
  }

  private static String share(String format, long part, long whole) {
    return whole == 0 ? NONE : String.format(Locale.ROOT, format, (double) part / whole);
  }
}
