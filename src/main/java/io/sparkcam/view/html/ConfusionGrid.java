package io.sparkcam.view.html;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The confusion matrix: a row a true class, a column a predicted one. Of many classes only those of
 * most mistakes are in it.
 *
 * @param leftOut how many classes are not; empty for none
 */
record ConfusionGrid(List<Column> columns, List<Line> lines, String leftOut) {
  private static final int MOST = 40;

  /** A predicted class. */
  record Column(String name, String precision) {}

  /** A true class. */
  record Line(String name, List<Cell> cells, String recall) {}

  /**
   * A count.
   *
   * @param link where its images are; empty for nowhere
   * @param what it counts, in words
   * @param kind hit, miss or zero
   * @param strength of its colour, 0 to 1
   */
  record Cell(String count, String link, String what, String kind, String strength) {}

  /**
   * Shares above it stand on a colour so strong that the dark page writes them in black instead of
   * white: here both have a contrast of 4.5.
   */
  private static final double STRONG = 0.66;

  /**
   * The matrix of a run.
   *
   * @param anchors of all that can be linked to
   */
  static ConfusionGrid of(ConfusionCounts confusion, List<String> names, Set<String> anchors) {
    double worst = confusion.worstShare();
    List<Column> columns = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    List<Integer> shown =
        IntStream.range(0, confusion.classes())
            .boxed()
            .sorted(Comparator.comparingLong(i -> confusion.at(i, i) - confusion.labelled(i)))
            .limit(MOST)
            .sorted()
            .toList();
    for (int i : shown) {
      columns.add(
          new Column(names.get(i), Formats.share(confusion.at(i, i), confusion.predicted(i))));
      List<Cell> cells = new ArrayList<>();
      for (int j : shown) {
        cells.add(cell(confusion, i, j, worst, names, anchors));
      }
      lines.add(
          new Line(names.get(i), cells, Formats.share(confusion.at(i, i), confusion.labelled(i))));
    }
    int leftOut = confusion.classes() - shown.size();
    return new ConfusionGrid(columns, lines, leftOut == 0 ? "" : Formats.count(leftOut));
  }

  private static Cell cell(
      ConfusionCounts confusion,
      int label,
      int predicted,
      double worst,
      List<String> names,
      Set<String> anchors) {
    long count = confusion.at(label, predicted);
    if (count == 0) {
      return new Cell("0", "", "", "zero", "0");
    }
    boolean hit = label == predicted;
    double share = (double) count / confusion.labelled(label);
    double strength = hit ? share : share / worst;
    String anchor = hit ? classAnchor(predicted) : pairAnchor(label, predicted);
    String what =
        hit
            ? names.get(label) + " recognised: " + Formats.images(count)
            : names.get(label)
                + " taken for "
                + names.get(predicted)
                + ": "
                + Formats.images(count);
    return new Cell(
        Long.toString(count),
        anchors.contains(anchor) ? anchor : "",
        what,
        (hit ? "hit" : "miss") + (strength > STRONG ? " strong" : ""),
        String.format(Locale.ROOT, "%.2f", strength));
  }

  static String classAnchor(int predicted) {
    return "class-" + predicted;
  }

  static String pairAnchor(int label, int predicted) {
    return "pair-" + label + "-" + predicted;
  }
}
