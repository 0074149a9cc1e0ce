package io.sparkcam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.cam.Zoom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The table of explanations in memory, and the answers of the queries by plain loops over it. */
final class QueryTable {
  private static final int WIDTH = 28;

  /**
   * A row of the table.
   *
   * @param box x0, y0, x1, y1; null without one
   */
  @SuppressWarnings("ArrayRecordComponent") // rows are never compared as wholes
  record Explained(
      long id,
      int label,
      int predicted,
      float probability,
      int[] box,
      double[] cam,
      float[] logits,
      float[] camLow) {
    boolean hit() {
      return label == predicted;
    }
  }

  private final List<Explained> rows;
  private final float[] biases;

  private QueryTable(List<Explained> rows, float... biases) {
    this.rows = rows;
    this.biases = biases;
  }

  static QueryTable read(SparkSession spark, Path run) {
    List<Explained> rows = new ArrayList<>();
    for (Row row :
        spark
            .read()
            .parquet(run.resolve("explanations").toString())
            .selectExpr(
                "id",
                "label",
                "predicted",
                "probability",
                "array(box_x0, box_y0, box_x1, box_y1)",
                "cam",
                "logits",
                "cam_low")
            .orderBy("id")
            .collectAsList()) {
      List<Integer> box = row.getList(4);
      rows.add(
          new Explained(
              row.getLong(0),
              row.getInt(1),
              row.getInt(2),
              row.getFloat(3),
              box.get(0) == null ? null : box.stream().mapToInt(Integer::intValue).toArray(),
              row.<Float>getList(5).stream().mapToDouble(Float::doubleValue).toArray(),
              floats(row.getList(6)),
              floats(row.getList(7))));
    }
    String biases = run.resolve("aggregates/biases.parquet").toString();
    return new QueryTable(
        rows,
        floats(
            spark.read().parquet(biases).orderBy("class").select("bias").collectAsList().stream()
                .map(row -> row.getFloat(0))
                .toList()));
  }

  /**
   * With maps of pixels as the cookbook has them: zoomed from those of cells, in double precision.
   */
  QueryTable zoomed() {
    Zoom zoom = Zoom.cornerAligned(3, 3, WIDTH, WIDTH, 2);
    List<Explained> zoomed = new ArrayList<>();
    for (Explained row : rows) {
      double[] map = new double[9];
      for (int cell = 0; cell < map.length; cell++) {
        map[cell] = row.camLow[row.predicted * map.length + cell];
      }
      zoomed.add(
          new Explained(
              row.id,
              row.label,
              row.predicted,
              row.probability,
              row.box,
              zoom.zoom(map),
              row.logits,
              row.camLow));
    }
    return new QueryTable(zoomed, biases);
  }

  static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  List<Explained> rows() {
    return rows;
  }

  Map<Integer, List<Explained>> byClass() {
    return rows.stream()
        .collect(Collectors.groupingBy(Explained::predicted, TreeMap::new, Collectors.toList()));
  }

  /** Images of each pair of label and prediction, by 100 * label + predicted. */
  Map<Integer, List<Explained>> byPair() {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> 100 * row.label + row.predicted, TreeMap::new, Collectors.toList()));
  }

  static double[] mean(List<Explained> images) {
    double[] mean = new double[WIDTH * WIDTH];
    for (int i = 0; i < mean.length; i++) {
      int pixel = i;
      mean[i] = mean(images, image -> image.cam[pixel]);
    }
    return mean;
  }

  static double[] variance(List<Explained> images) {
    double[] mean = mean(images);
    double[] variance = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      int pixel = i;
      variance[i] = mean(images, image -> Math.pow(image.cam[pixel] - mean[pixel], 2));
    }
    return variance;
  }

  private static double mean(List<Explained> images, ToDoubleFunction<Explained> value) {
    return images.stream().mapToDouble(value).average().orElseThrow();
  }

  /** All values of all maps, ascending. */
  double[] sortedValues() {
    double[] values = new double[rows.size() * WIDTH * WIDTH];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i).cam, 0, values, i * WIDTH * WIDTH, WIDTH * WIDTH);
    }
    Arrays.sort(values);
    return values;
  }

  /** What a query of the cookbook answers; {@code other} is the run to compare with. */
  List<List<Object>> answer(String query, QueryTable other) {
    return switch (query) {
      case "mean-map" -> meanMap();
      case "centre-of-mass" -> centres();
      case "centre-of-mass-by-class" -> centresByClass();
      case "energy-in-box" -> energyInBox();
      case "wrong-off-object" -> wrongOffObject(0.95, 0.1);
      case "confusion-distance" -> confusionDistance();
      case "run-difference" -> difference(other);
      case "most-confident-mistakes" -> most(row -> !row.hit(), row -> -row.probability);
      case "least-confident-hits" -> most(Explained::hit, Explained::probability);
      case "contrast" -> contrasts();
      case "quantiles" -> quantiles();
      default -> throw new IllegalArgumentException(query + ": no plain answer to compare with");
    };
  }

  private List<List<Object>> contrasts() {
    List<List<Object>> answer = new ArrayList<>();
    for (Explained row : rows) {
      int second = row.predicted == 0 ? 1 : 0;
      for (int c = second + 1; c < row.logits.length; c++) {
        second = c != row.predicted && row.logits[c] > row.logits[second] ? c : second;
      }
      int cells = row.camLow.length / row.logits.length;
      double[] difference = new double[cells];
      double[] own = new double[cells];
      for (int cell = 0; cell < cells; cell++) {
        own[cell] = row.camLow[row.predicted * cells + cell];
        difference[cell] = own[cell] - row.camLow[second * cells + cell];
      }
      double logits = (double) row.logits[row.predicted] - row.logits[second];
      double maps = Arrays.stream(difference).average().orElseThrow();
      double bias = (double) biases[row.predicted] - biases[second];
      // Rounding of logits of about 10 in single precision.
      assertEquals(logits, maps + bias, 1e-4, "image " + row.id);
      answer.add(
          List.of(
              row.id,
              row.label,
              row.predicted,
              second,
              logits,
              maps,
              bias,
              strongest(difference),
              strongest(own)));
    }
    answer.sort(
        Comparator.<List<Object>>comparingDouble(row -> (double) row.get(4))
            .thenComparingLong(row -> (long) row.get(0)));
    return answer;
  }

  private static int strongest(double... cells) {
    int strongest = 0;
    for (int cell = 1; cell < cells.length; cell++) {
      strongest = cells[cell] > cells[strongest] ? cell : strongest;
    }
    return strongest;
  }

  private List<List<Object>> meanMap() {
    List<List<Object>> answer = new ArrayList<>();
    byClass()
        .forEach(
            (predicted, images) -> {
              double[] mean = mean(images);
              double[] variance = variance(images);
              for (int i = 0; i < mean.length; i++) {
                answer.add(
                    Arrays.asList(
                        predicted,
                        i / WIDTH,
                        i % WIDTH,
                        images.size(),
                        mean[i],
                        Math.sqrt(variance[i])));
              }
            });
    return answer;
  }

  /** Sum of the positive values, each times a weight of its pixel. */
  private static double energy(Explained image, ToDoubleFunction<int[]> weight) {
    double sum = 0;
    for (int i = 0; i < image.cam.length; i++) {
      sum += Math.max(0, image.cam[i]) * weight.applyAsDouble(new int[] {i / WIDTH, i % WIDTH});
    }
    return sum;
  }

  private static double energy(Explained image) {
    return energy(image, pixel -> 1);
  }

  private static Double centre(Explained image, int axis) {
    double energy = energy(image);
    return energy == 0 ? null : (Double) (energy(image, pixel -> pixel[axis]) / energy);
  }

  private List<List<Object>> centres() {
    return rows.stream()
        .map(
            row ->
                Arrays.<Object>asList(
                    row.id,
                    row.label,
                    row.predicted,
                    row.probability,
                    centre(row, 0),
                    centre(row, 1)))
        .toList();
  }

  private List<List<Object>> centresByClass() {
    List<List<Object>> answer = new ArrayList<>();
    byClass()
        .forEach(
            (predicted, images) -> {
              double[] mean = new double[2];
              double[] deviation = new double[2];
              for (int axis = 0; axis < 2; axis++) {
                int a = axis;
                mean[a] = mean(images, image -> centre(image, a));
                deviation[a] =
                    Math.sqrt(mean(images, image -> Math.pow(centre(image, a) - mean[a], 2)));
              }
              answer.add(
                  List.of(predicted, images.size(), mean[0], mean[1], deviation[0], deviation[1]));
            });
    return answer;
  }

  private static double shareInBox(Explained image) {
    int[] box = image.box;
    return energy(
            image,
            pixel ->
                pixel[0] >= box[1] && pixel[0] < box[3] && pixel[1] >= box[0] && pixel[1] < box[2]
                    ? 1
                    : 0)
        / energy(image);
  }

  private List<List<Object>> energyInBox() {
    return rows.stream()
        .map(
            row ->
                Arrays.<Object>asList(
                    row.id,
                    row.label,
                    row.predicted,
                    row.probability,
                    energy(row),
                    row.box == null ? null : (Double) shareInBox(row)))
        .toList();
  }

  /** More confident than so much, with more than such a share off the object. */
  List<List<Object>> wrongOffObject(double confidence, double share) {
    return rows.stream()
        .filter(row -> !row.hit() && row.probability > confidence && row.box != null)
        .filter(row -> 1 - shareInBox(row) > share)
        .sorted(Comparator.comparingDouble(QueryTable::shareInBox).thenComparing(Explained::id))
        .map(
            row ->
                List.<Object>of(
                    row.id, row.label, row.predicted, row.probability, 1 - shareInBox(row)))
        .toList();
  }

  private List<List<Object>> confusionDistance() {
    List<List<Object>> answer = new ArrayList<>();
    byPair()
        .forEach(
            (pair, images) -> {
              int label = pair / 100;
              int predicted = pair % 100;
              List<Explained> hits = byPair().get(101 * predicted);
              if (label != predicted) {
                answer.add(
                    Arrays.asList(
                        label,
                        predicted,
                        images.size(),
                        hits == null ? null : (Double) distance(mean(images), mean(hits))));
              }
            });
    answer.sort(
        Comparator.comparingDouble(
            row -> row.get(3) == null ? Double.NEGATIVE_INFINITY : -(Double) row.get(3)));
    return answer;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }

  private List<List<Object>> difference(QueryTable other) {
    List<List<Object>> answer = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Explained a = rows.get(i);
      Explained b = other.rows.get(i);
      String outcome = b.hit() ? "fixed" : a.hit() ? "broken" : "moved";
      answer.add(
          List.of(
              a.id,
              a.label,
              a.predicted,
              b.predicted,
              a.probability,
              b.probability,
              a.predicted == b.predicted ? "same" : outcome,
              correlation(a.cam, b.cam)));
    }
    answer.sort(Comparator.comparingDouble(row -> (Double) row.get(7)));
    return answer;
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = 0;
    double meanB = 0;
    for (int i = 0; i < a.length; i++) {
      meanA += a[i] / (double) a.length;
      meanB += b[i] / (double) b.length;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  private List<List<Object>> most(
      java.util.function.Predicate<Explained> kind, ToDoubleFunction<Explained> order) {
    return rows.stream()
        .filter(kind)
        .sorted(Comparator.comparingDouble(order).thenComparing(Explained::id))
        .limit(20)
        .map(row -> List.<Object>of(row.id, row.label, row.predicted, row.probability))
        .toList();
  }

  private List<List<Object>> quantiles() {
    double[] values = sortedValues();
    return Quantiles.WANTED.stream()
        .map(
            quantile ->
                List.<Object>of(quantile, Math.floor(atRank(values, quantile) * 1000) / 1000))
        .toList();
  }

  /** The value at rank ceil(quantile * count). */
  static double atRank(double[] sorted, double quantile) {
    return sorted[Math.max(1, (int) Math.ceil(quantile * sorted.length)) - 1];
  }
}
