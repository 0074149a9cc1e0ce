package io.sparkcam.view;

import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.view.html.HtmlReport;

/**
 * How much of everything a report shows, so that it stays well under 5 MB whatever the data.
 *
 * @param ofClass images of each predicted class
 * @param pairs confused pairs
 * @param ofPair images of each of them
 */
record ReportLimits(int ofClass, int pairs, int ofPair) {
  /** Pictures of 28x28 pixels, about 2.5 kB each, in all galleries together. */
  private static final int ROOM = 450;

  private static final int PIXELS = 28 * 28;

  /**
   * What suits a table.
   *
   * @param confused pairs that occur
   */
  static ReportLimits of(ExplanationShape shape, int confused) {
    int pixels = HtmlReport.pixels(shape.height(), shape.width());
    int room = ROOM * PIXELS / Math.max(PIXELS, pixels);
    int pairs = Math.min(confused, room / 4);
    return new ReportLimits(
        Math.max(1, Math.min(ReportSelection.MOST_OF_CLASS, room / 3 / shape.classes())),
        pairs,
        Math.max(1, Math.min(ReportSelection.MOST_OF_PAIR, room * 2 / 3 / Math.max(1, pairs))));
  }
}
