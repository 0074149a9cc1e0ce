package io.sparkcam.view;

import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.text.PlainTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * How far the explanations of a run are from those of a reference, by predicted class. Each shift
 * is that of a mean in standard deviations of the reference (Cohen 1988, who calls 0.5 medium), of
 * several numbers the root of the mean square: the class's map over its cells, the mean features
 * over their channels, the middle of the box over x and y. The share of the class is that of all
 * images; it is infinitely far where {@value #MANY} images or more were to be expected and there
 * are none, as everything is that does not vary in the reference and is another.
 *
 * <p>By chance means of n images differ by about {@code sqrt(1 / n + 1 / m)} of these; three times
 * that is allowed beside the limit.
 */
public final class RunDrift {
  private static final int MANY = 10;

  private static final String[] COLUMNS = {
    "class", "images", "reference", "map", "features", "box", "probability", "share", "allowed"
  };

  private final PublishedRun run;
  private final PublishedRun reference;
  private final double limit;
  private final boolean sameModel;

  /** Of one class: sums of numbers and of their squares. */
  private static final class Moments {
    private final double[] sums;
    private final double[] squares;
    private long images;

    Moments(int values) {
      sums = new double[values];
      squares = new double[values];
    }

    void add(int place, double value) {
      sums[place] += value;
      squares[place] += value * value;
    }

    double mean(int place) {
      return sums[place] / images;
    }

    double deviation(int place) {
      return Math.sqrt(Math.max(0, squares[place] / images - mean(place) * mean(place)));
    }
  }

  /** Of all classes of a run: maps, features, probability, then boxes with a count of their own. */
  private record Statistics(List<Moments> values, List<Moments> boxes) {}

  /**
   * Compares two runs of one model's shape.
   *
   * @param limit of every shift, in standard deviations
   */
  public RunDrift(PublishedRun run, PublishedRun reference, double limit) throws IOException {
    this.run = run;
    this.reference = reference;
    this.limit = limit;
    this.sameModel =
        run.manifest().origin().modelSha256().equals(reference.manifest().origin().modelSha256());
    if (!run.shape().equals(reference.shape())
        || !run.manifest()
            .origin()
            .classNames()
            .equals(reference.manifest().origin().classNames())) {
      throw new IOException(
          "%s is of %s and classes %s, its reference %s of %s and classes %s: expected the same"
              .formatted(
                  run.directory(),
                  run.shape(),
                  run.manifest().origin().classNames(),
                  reference.directory(),
                  reference.shape(),
                  reference.manifest().origin().classNames()));
    }
  }

  private static Statistics statistics(PublishedRun run) throws IOException {
    ExplanationShape shape = run.shape();
    Statistics statistics = new Statistics(new ArrayList<>(), new ArrayList<>());
    for (int c = 0; c < shape.classes(); c++) {
      statistics.values.add(new Moments(shape.cells() + shape.channels() + 1));
      statistics.boxes.add(new Moments(2));
    }
    double[] pooled = new double[shape.channels()];
    run.table()
        .forEach(
            row -> {
              int predicted = row.integer("predicted");
              Moments of = statistics.values.get(predicted);
              float[] maps = row.floats("cam_low");
              float[] features = row.floats("features");
              of.images++;
              for (int cell = 0; cell < shape.cells(); cell++) {
                of.add(cell, maps[shape.predictedMap(predicted) + cell]);
              }
              Arrays.fill(pooled, 0);
              for (int i = 0; i < features.length; i++) {
                pooled[i % shape.channels()] += features[i];
              }
              for (int k = 0; k < shape.channels(); k++) {
                of.add(shape.cells() + k, pooled[k] / shape.cells());
              }
              of.add(shape.cells() + shape.channels(), row.real("probability"));
              if (!row.isNull("box_x0")) {
                Moments box = statistics.boxes.get(predicted);
                box.images++;
                box.add(0, (row.integer("box_x0") + row.integer("box_x1")) / 2.0);
                box.add(1, (row.integer("box_y0") + row.integer("box_y1")) / 2.0);
              }
              return true;
            },
            "predicted",
            "probability",
            "cam_low",
            "features",
            "box_x0",
            "box_y0",
            "box_x1",
            "box_y1");
    return statistics;
  }

  /** Root mean square of the shifts of some means, in deviations of the reference; NaN of none. */
  private static double shift(Moments of, Moments reference, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double shift = of.mean(i) - reference.mean(i);
      double deviation = reference.deviation(i);
      // Rounding of a sum of equal numbers is no shift.
      boolean none = Math.abs(shift) <= 1e-9 * Math.abs(reference.mean(i));
      sum += none ? 0 : shift * shift / (deviation * deviation);
    }
    return Math.sqrt(sum / (to - from));
  }

  private double allowed(long images, long others) {
    return limit + 3 * Math.sqrt(1.0 / images + 1.0 / others);
  }

  private double shareShift(long images, long others) {
    double share = (double) images / run.entry().rows();
    double from = (double) others / reference.entry().rows();
    boolean missing =
        (images == 0 && from * run.entry().rows() >= MANY)
            || (others == 0 && share * reference.entry().rows() >= MANY);
    return missing
        ? Double.POSITIVE_INFINITY
        : share == from || others == 0 ? 0 : Math.abs(share - from) / Math.sqrt(from * (1 - from));
  }

  /**
   * The table, a line a class that either run predicts.
   *
   * @param out takes the table
   * @throws IOException naming the first class that drifts, and how many do
   */
  public void require(Consumer<String> out) throws IOException {
    Statistics here = statistics(run);
    Statistics there = statistics(reference);
    ExplanationShape shape = run.shape();
    List<String[]> lines = new ArrayList<>(List.<String[]>of(COLUMNS));
    List<String> drifted = new ArrayList<>();
    for (int c = 0; c < shape.classes(); c++) {
      Moments of = here.values.get(c);
      Moments from = there.values.get(c);
      if (of.images + from.images == 0) {
        continue;
      }
      int features = shape.cells() + shape.channels();
      Moments box = here.boxes.get(c);
      Moments boxFrom = there.boxes.get(c);
      double[] shifts = {
        shift(of, from, 0, shape.cells()),
        sameModel ? shift(of, from, shape.cells(), features) : Double.NaN,
        shift(box, boxFrom, 0, 2),
        shift(of, from, features, features + 1),
        shareShift(of.images, from.images)
      };
      double byImages = allowed(of.images, from.images);
      double[] allowed = {
        byImages,
        byImages,
        allowed(box.images, boxFrom.images),
        byImages,
        allowed(run.entry().rows(), reference.entry().rows())
      };
      String name = run.className(c);
      lines.add(
          new String[] {
            name,
            String.format(Locale.ROOT, "%,d", of.images),
            String.format(Locale.ROOT, "%,d", from.images),
            number(shifts[0]),
            number(shifts[1]),
            number(shifts[2]),
            number(shifts[3]),
            number(shifts[4]),
            number(byImages)
          });
      for (int i = 0; i < shifts.length; i++) {
        if (shifts[i] > allowed[i]) {
          drifted.add(
              "%s of class %s shifted by %s, allowed %s"
                  .formatted(COLUMNS[3 + i], name, number(shifts[i]), number(allowed[i])));
        }
      }
    }
    out.accept(PlainTable.aligned(lines.toArray(new String[0][])));
    if (!drifted.isEmpty()) {
      throw new IOException(
          "%s drifts from %s: %s%s"
              .formatted(
                  run.directory(),
                  reference.directory(),
                  drifted.get(0),
                  drifted.size() == 1 ? "" : " (first of " + drifted.size() + ")"));
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}
