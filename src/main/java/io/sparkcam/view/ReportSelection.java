package io.sparkcam.view;

import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.table.RowSummary;
import io.sparkcam.view.html.ConfusionCounts;
import io.sparkcam.view.html.RunReport.Audit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What is worth a look in a table: counts, and which images to show. Takes every row once, in the
 * order of the table; memory does not grow with their number.
 */
final class ReportSelection implements Consumer<RowSummary> {
  /** Of mistakes, and of hits. */
  static final int MOST_SHOWN = 12;

  /** Of one predicted class. */
  static final int MOST_OF_CLASS = 8;

  /** Of one label and prediction. */
  static final int MOST_OF_PAIR = 4;

  private static final Comparator<RowSummary> LEAST_CONFIDENT =
      Comparator.comparingDouble(RowSummary::probability).thenComparingLong(RowSummary::id);
  private static final Comparator<RowSummary> MOST_CONFIDENT =
      Comparator.comparingDouble(RowSummary::probability)
          .reversed()
          .thenComparingLong(RowSummary::id);

  /** The first in an order, of any number. */
  private static final class First {
    private final TreeSet<RowSummary> rows;
    private final int most;

    First(int most, Comparator<RowSummary> order) {
      this.rows = new TreeSet<>(order);
      this.most = most;
    }

    void offer(RowSummary row) {
      rows.add(row);
      if (rows.size() > most) {
        rows.pollLast();
      }
    }

    List<Long> ids(int count) {
      return rows.stream().limit(count).map(RowSummary::id).toList();
    }
  }

  /** A label and another class that was predicted. */
  record Pair(int label, int predicted) {
    static final Comparator<Pair> ORDER =
        Comparator.comparingInt(Pair::label).thenComparingInt(Pair::predicted);
  }

  private final long[][] counts;
  private final First mistakes = new First(MOST_SHOWN, MOST_CONFIDENT);
  private final First doubtfulHits = new First(MOST_SHOWN, LEAST_CONFIDENT);
  private final List<List<Long>> ofClasses = new ArrayList<>();
  private final Map<Pair, First> ofPairs = new TreeMap<>(Pair.ORDER);
  private long images;
  private long notFinite;
  private long flat;
  private double largestError = ExplanationBatch.NONE;

  ReportSelection(int classes) {
    counts = new long[classes][classes];
    for (int c = 0; c < classes; c++) {
      ofClasses.add(new ArrayList<>());
    }
  }

  @Override
  public void accept(RowSummary row) {
    images++;
    if (row.labelled()) {
      counts[row.label()][row.predicted()]++;
    }
    if (!row.finite()) {
      notFinite++; // counted, not shown: it has no place in an order, and no colours
      return;
    }
    flat += row.flat() ? 1 : 0;
    largestError = Math.max(largestError, row.auditError());
    List<Long> ofClass = ofClasses.get(row.predicted());
    if (ofClass.size() < MOST_OF_CLASS) {
      ofClass.add(row.id());
    }
    if (row.labelled() && row.hit()) {
      doubtfulHits.offer(row);
    } else if (row.labelled()) {
      mistakes.offer(row);
      ofPairs
          .computeIfAbsent(
              new Pair(row.label(), row.predicted()),
              pair -> new First(MOST_OF_PAIR, MOST_CONFIDENT))
          .offer(row);
    }
  }

  ConfusionCounts confusion() {
    return new ConfusionCounts(counts);
  }

  /**
   * What was found.
   *
   * @param low of most values of all maps
   * @param high of the same
   */
  Audit audit(double low, double high) {
    return new Audit(images, notFinite, flat, largestError, low, high);
  }

  /** The most confident first. */
  List<Long> mistakes() {
    return mistakes.ids(MOST_SHOWN);
  }

  /** The least confident first. */
  List<Long> doubtfulHits() {
    return doubtfulHits.ids(MOST_SHOWN);
  }

  /** The first that the class was predicted for. */
  List<Long> ofClass(int predicted, int count) {
    return ofClasses.get(predicted).stream().limit(count).toList();
  }

  /** The most confident first. */
  List<Long> ofPair(Pair pair, int count) {
    return ofPairs.get(pair).ids(count);
  }

  /** So many confused pairs, those of most images, ascending by label, then by prediction. */
  List<Pair> largestPairs(int count) {
    return ofPairs.keySet().stream()
        .sorted(
            Comparator.comparingLong((Pair pair) -> -counts[pair.label][pair.predicted])
                .thenComparing(Pair.ORDER))
        .limit(count)
        .sorted(Pair.ORDER)
        .toList();
  }
}
