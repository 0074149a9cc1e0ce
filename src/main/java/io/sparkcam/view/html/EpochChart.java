package io.sparkcam.view.html;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A figure over the epochs, of training and validation, as an SVG of 360 by 200 units draws it.
 *
 * @param summary in words
 * @param across marks of the epochs, left to right
 * @param up marks of the values
 */
record EpochChart(
    String anchor,
    String title,
    String summary,
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
   * @param kind training or validation
   * @param line as SVG writes the points of a polyline
   */
  record Curve(String kind, String line, List<Point> points) {}

  private static final int LEFT = 44;
  private static final int RIGHT = 346;
  private static final int TOP = 12;
  private static final int BOTTOM = 170;
  private static final int MOST_MARKS = 10;

  /** The curves of one figure; that of validation only where there is any. */
  static EpochChart of(
      String anchor,
      String title,
      List<Epoch> epochs,
      ToDoubleFunction<Epoch> training,
      ToDoubleFunction<Epoch> validation) {
    Axis axis =
        Axis.spanning(
            epochs.stream()
                .flatMapToDouble(
                    epoch ->
                        Stream.of(training, validation)
                            .mapToDouble(of -> of.applyAsDouble(epoch))));
    List<Tick> across = new ArrayList<>();
    int every = (epochs.size() + MOST_MARKS - 1) / MOST_MARKS;
    for (int i = 0; i < epochs.size(); i += every) {
      across.add(new Tick(x(i, epochs.size()), Integer.toString(epochs.get(i).epoch())));
    }
    List<Tick> up = new ArrayList<>();
    for (BigDecimal tick : axis.ticks()) {
      up.add(new Tick(y(axis, tick.doubleValue()), tick.toPlainString()));
    }
    List<Curve> curves =
        Stream.of(
                curve("training", epochs, training, axis),
                curve("validation", epochs, validation, axis))
            .filter(curve -> !curve.points.isEmpty())
            .toList();
    String summary =
        curves.stream()
            .map(curve -> curve.points.get(curve.points.size() - 1).what)
            .collect(Collectors.joining("; ", title + ". ", "."));
    return new EpochChart(anchor, title, summary, across, up, curves);
  }

  private static Curve curve(
      String kind, List<Epoch> epochs, ToDoubleFunction<Epoch> of, Axis axis) {
    List<Point> points =
        IntStream.range(0, epochs.size())
            .filter(i -> Double.isFinite(of.applyAsDouble(epochs.get(i))))
            .mapToObj(
                i -> {
                  double value = of.applyAsDouble(epochs.get(i));
                  return new Point(
                      x(i, epochs.size()),
                      y(axis, value),
                      "%s, epoch %s: %s"
                          .formatted(kind, epochs.get(i).epoch(), Formats.decimal(value)));
                })
            .toList();
    return new Curve(
        kind, points.stream().map(p -> p.x + "," + p.y).collect(Collectors.joining(" ")), points);
  }

  /** A single epoch stands in the middle. */
  private static String x(int index, int epochs) {
    double position = epochs == 1 ? 0.5 : (double) index / (epochs - 1);
    return coordinate(LEFT + 8 + position * (RIGHT - LEFT - 16));
  }

  private static String y(Axis axis, double value) {
    return coordinate(BOTTOM - axis.position(value) * (BOTTOM - TOP));
  }

  private static String coordinate(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
