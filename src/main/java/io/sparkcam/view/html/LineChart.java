package io.sparkcam.view.html;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A figure of curves over the same steps, as an SVG of 360 by 200 units draws it.
 *
 * @param summary in words
 * @param steps what the steps are
 * @param across marks of the steps, left to right
 * @param up marks of the values
 */
record LineChart(
    String anchor,
    String title,
    String summary,
    String steps,
    List<Tick> across,
    List<Tick> up,
    List<Curve> curves) {
  /** A mark of an axis, and where on it that stands. */
  record Tick(String at, String text) {}

  /** A value, and where it stands. */
  record Point(String x, String y, String what) {}

  /**
   * A line.
   *
   * @param kind what it is of, also for its colour
   * @param line as SVG writes the points of a polyline
   */
  record Curve(String kind, String line, List<Point> points) {}

  /**
   * The values of a curve.
   *
   * @param values one a step; not finite where there is none
   */
  record Values(String kind, List<Double> values) {}

  private static final int LEFT = 44;
  private static final int RIGHT = 346;
  private static final int TOP = 12;
  private static final int BOTTOM = 170;
  private static final int MOST_MARKS = 10;

  /** The curves of training; that of validation only where there is any. */
  static LineChart of(
      String anchor,
      String title,
      List<Epoch> epochs,
      ToDoubleFunction<Epoch> training,
      ToDoubleFunction<Epoch> validation) {
    return of(
        anchor,
        title,
        "epoch",
        epochs.stream().map(epoch -> Integer.toString(epoch.epoch())).toList(),
        List.of(
            new Values("training", epochs.stream().map(training::applyAsDouble).toList()),
            new Values("validation", epochs.stream().map(validation::applyAsDouble).toList())));
  }

  /**
   * Curves over the same steps, at even distances; those without any value are left out.
   *
   * @param steps what the steps are
   * @param marks of the steps
   */
  static LineChart of(
      String anchor, String title, String steps, List<String> marks, List<Values> values) {
    Axis axis =
        Axis.spanning(values.stream().flatMap(of -> of.values.stream()).mapToDouble(v -> v));
    List<Tick> across = new ArrayList<>();
    int every = (marks.size() + MOST_MARKS - 1) / MOST_MARKS;
    for (int i = 0; i < marks.size(); i += every) {
      across.add(new Tick(x(i, marks.size()), marks.get(i)));
    }
    List<Tick> up = new ArrayList<>();
    for (BigDecimal tick : axis.ticks()) {
      up.add(new Tick(y(axis, tick.doubleValue()), tick.toPlainString()));
    }
    List<Curve> curves =
        values.stream()
            .map(of -> curve(of, steps, marks, axis))
            .filter(curve -> !curve.points.isEmpty())
            .toList();
    String summary =
        curves.stream()
            .map(curve -> curve.points.get(curve.points.size() - 1).what)
            .collect(Collectors.joining("; ", title + ". ", "."));
    return new LineChart(anchor, title, summary, steps, across, up, curves);
  }

  private static Curve curve(Values of, String steps, List<String> marks, Axis axis) {
    List<Point> points =
        IntStream.range(0, marks.size())
            .filter(i -> Double.isFinite(of.values.get(i)))
            .mapToObj(
                i ->
                    new Point(
                        x(i, marks.size()),
                        y(axis, of.values.get(i)),
                        "%s, %s %s: %s"
                            .formatted(
                                of.kind, steps, marks.get(i), Formats.decimal(of.values.get(i)))))
            .toList();
    return new Curve(
        of.kind,
        points.stream().map(p -> p.x + "," + p.y).collect(Collectors.joining(" ")),
        points);
  }

  /** A single step stands in the middle. */
  private static String x(int index, int steps) {
    double position = steps == 1 ? 0.5 : (double) index / (steps - 1);
    return coordinate(LEFT + 8 + position * (RIGHT - LEFT - 16));
  }

  private static String y(Axis axis, double value) {
    return coordinate(BOTTOM - axis.position(value) * (BOTTOM - TOP));
  }

  private static String coordinate(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
