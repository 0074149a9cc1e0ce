package io.sparkcam.aggregate;

import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.CellRanking;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.MeasuredMap;
import io.sparkcam.network.HeadKind;
import io.sparkcam.run.RunDirectory;
import io.sparkcam.table.ExplanationSchema;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.RowsWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Small tables made from the table of explanations, each a Parquet file under {@code aggregates/}
 * of the run. Arrays are laid out as the columns of the table that they were made of.
 *
 * <ul>
 *   <li>{@link #CLASSES}, a row a predicted class, ascending: {@code predicted}, {@code images},
 *       {@code hits} (images whose label it is), {@code cam_mean}, {@code cam_variance}, {@code
 *       cam_low_mean}, {@code cam_low_variance}; the last two only where maps of all classes are
 *       added up, {@link ExplanationSums#ofAllClasses()}
 *   <li>{@link #PAIRS}, a row a pair of label and prediction that occurs, ascending, right ones
 *       among them, of more than {@value #MOST_PAIRS} those that occur more often than the next:
 *       {@code label}, {@code predicted}, {@code images}, {@code cam_mean}, {@code cam_low_mean}
 *   <li>{@link #QUANTILES}, of {@code cam} over all pixels of all images: {@code quantile}, {@code
 *       value}
 *   <li>{@link #ZOOM}, what makes {@code cam} of a map of {@code cam_low}: pixel (y, x) is the sum
 *       over cells (i, j) of weights(y)(i) weights(x)(j) map(i, j). A row a pixel of either axis:
 *       {@code axis} (y or x), {@code pixel}, {@code weights} of the cells along it
 *   <li>{@link #FAITHFULNESS}, if the table has its columns, a row for each {@link
 *       io.sparkcam.explain.MeasuredMap}, in their order: {@code map}, {@code images}, {@code
 *       average_drop}, {@code increase}, {@code sampled} (images that have curves), {@code
 *       insertion_auc}, {@code deletion_auc}, {@code road_auc}. With Y the probability of the
 *       predicted class and O that of the image under the map, {@code average_drop} is the mean of
 *       max(0, Y - O) / Y and {@code increase} the share of images with O above Y (Chattopadhay et
 *       al., "Grad-CAM++", WACV 2018, which has both in per cent)
 *   <li>{@link #CELLS}, with these columns, a row for each {@link io.sparkcam.explain.CellRanking},
 *       in their order: {@code ranking}, {@code images}, {@code insertion_auc}, {@code
 *       deletion_auc}
 *   <li>{@link #SANITY}, a row a step of the cascade that gives layers random weights: {@code
 *       random_layers}, {@code images}, {@code rank_correlation} (mean of the maps' with those of
 *       the trained network)
 *   <li>{@link #ROAR}, a row a map and share of its pixels that was removed before a network was
 *       trained again: {@code map}, {@code removed}, {@code images}, {@code accuracy}, {@code loss}
 *       (of the test images)
 *   <li>{@link #BIASES}, if maps add up to logits, a row a class: {@code class}, {@code bias} (what
 *       its logit has beside the mean of its map), {@code base_probability} (its probability by the
 *       biases alone)
 * </ul>
 *
 * Variances are of the population: the mean squared deviation, 0 for a single image.
 */
public final class Aggregates {
  /** Name of a file in a run. */
  public static final String CLASSES = "aggregates/classes.parquet";

  /** Name of a file in a run. */
  public static final String PAIRS = "aggregates/pairs.parquet";

  /** Name of a file in a run. */
  public static final String QUANTILES = "aggregates/quantiles.parquet";

  /** Name of a file in a run. */
  public static final String ZOOM = "aggregates/zoom.parquet";

  /** Name of a file in a run. */
  public static final String FAITHFULNESS = "aggregates/faithfulness.parquet";

  /** Name of a file in a run. */
  public static final String CELLS = "aggregates/cells.parquet";

  /** Name of a file in a run. */
  public static final String SANITY = "aggregates/sanity.parquet";

  /** Name of a file in a run. */
  public static final String ROAR = "aggregates/roar.parquet";

  /** Name of a file in a run. */
  public static final String BIASES = "aggregates/biases.parquet";

  private static final int MOST_PAIRS = 10_000;

  private final ExplanationSums sums;
  private final StructType table;
  private final List<Float> quantiles;

  private Aggregates(ExplanationSums sums, ExplanationSchema schema, List<Float> quantiles) {
    this.sums = sums;
    this.table = ExplanationSchema.of(schema.shape()).struct(); // also of columns that are left out
    this.quantiles = quantiles;
  }

  /**
   * Writes all into a run.
   *
   * @param sums of all rows of its table
   * @param parts of its table, adopted
   * @param bias (C) of the dense layer; empty where maps do not add up to logits
   */
  public static void write(
      JavaSparkContext sc,
      RunDirectory run,
      ExplanationSchema schema,
      List<PartFile> parts,
      ExplanationSums sums,
      float[] bias)
      throws IOException {
    Aggregates aggregates =
        new Aggregates(sums, schema, Quantiles.of(sc, sums.digits(), run.table(), parts, schema));
    run.write(CLASSES, rows(aggregates.classColumns(), aggregates.classes()));
    run.write(PAIRS, rows(aggregates.pairColumns(), aggregates.pairs()));
    run.write(QUANTILES, rows(quantileColumns(), aggregates.quantiles()));
    run.write(ZOOM, rows(zoomColumns(), zoom(schema.shape())));
    if (bias.length > 0) {
      run.write(BIASES, rows(biasColumns(), biases(schema.shape().head(), bias)));
    }
    if (!sums.cells().isEmpty()) {
      run.write(CELLS, rows(cellColumns(), aggregates.cells()));
    }
    if (!sums.faithfulness().isEmpty()) {
      run.write(FAITHFULNESS, rows(faithfulnessColumns(), aggregates.faithfulness()));
    }
  }

  /** Writes the rows of {@link #SANITY}. */
  public static void writeSanity(RunDirectory run, List<Object[]> rows) throws IOException {
    StructType columns =
        new StructType()
            .add("random_layers", DataTypes.StringType, false)
            .add("images", DataTypes.LongType, false)
            .add("rank_correlation", DataTypes.DoubleType, false);
    run.write(SANITY, rows(columns, rows));
  }

  /** Writes the rows of {@link #ROAR}. */
  public static void writeRoar(RunDirectory run, List<Object[]> rows) throws IOException {
    StructType columns =
        new StructType()
            .add("map", DataTypes.StringType, false)
            .add("removed", DataTypes.DoubleType, false)
            .add("images", DataTypes.LongType, false)
            .add("accuracy", DataTypes.DoubleType, false)
            .add("loss", DataTypes.DoubleType, false);
    run.write(ROAR, rows(columns, rows));
  }

  private static RunDirectory.Content rows(StructType columns, List<Object[]> rows) {
    return out -> {
      try (RowsWriter writer = RowsWriter.of(columns, out)) {
        for (Object[] row : rows) {
          writer.write(row);
        }
      }
    };
  }

  private StructType classColumns() {
    StructType columns =
        new StructType()
            .add(number("predicted"))
            .add("images", DataTypes.LongType, false)
            .add("hits", DataTypes.LongType, false)
            .add(array("cam", "mean"))
            .add(array("cam", "variance"));
    return sums.ofAllClasses()
        ? columns.add(array("cam_low", "mean")).add(array("cam_low", "variance"))
        : columns;
  }

  private StructType pairColumns() {
    StructType columns =
        new StructType()
            .add(number("label"))
            .add(number("predicted"))
            .add("images", DataTypes.LongType, false)
            .add(array("cam", "mean"));
    return sums.ofAllClasses() ? columns.add(array("cam_low", "mean")) : columns;
  }

  private static StructType quantileColumns() {
    return new StructType()
        .add("quantile", DataTypes.DoubleType, false)
        .add("value", DataTypes.FloatType, false);
  }

  private static StructType zoomColumns() {
    return new StructType()
        .add("axis", DataTypes.StringType, false)
        .add("pixel", DataTypes.IntegerType, false)
        .add("weights", DataTypes.createArrayType(DataTypes.DoubleType, false), false);
  }

  private static StructType faithfulnessColumns() {
    return new StructType()
        .add("map", DataTypes.StringType, true)
        .add("images", DataTypes.LongType, false)
        .add("average_drop", DataTypes.DoubleType, true)
        .add("increase", DataTypes.DoubleType, true)
        .add("sampled", DataTypes.LongType, false)
        .add("insertion_auc", DataTypes.DoubleType, true)
        .add("deletion_auc", DataTypes.DoubleType, true)
        .add("road_auc", DataTypes.DoubleType, true);
  }

  private static StructType cellColumns() {
    return new StructType()
        .add("ranking", DataTypes.StringType, false)
        .add("images", DataTypes.LongType, false)
        .add("insertion_auc", DataTypes.DoubleType, true)
        .add("deletion_auc", DataTypes.DoubleType, true);
  }

  private static StructType biasColumns() {
    return new StructType()
        .add("class", DataTypes.IntegerType, false)
        .add("bias", DataTypes.FloatType, false)
        .add("base_probability", DataTypes.FloatType, false);
  }

  /** A column of the table, described as there. */
  private StructField number(String column) {
    return new StructField(column, DataTypes.IntegerType, true, table.apply(column).metadata());
  }

  /** One array of the moments of a column, described as that column is. */
  private StructField array(String column, String moment) {
    Metadata metadata =
        new MetadataBuilder()
            .withMetadata(table.apply(column).metadata())
            .putString("comment", moment + " of " + column + " over the images")
            .build();
    return new StructField(
        column + "_" + moment,
        DataTypes.createArrayType(DataTypes.FloatType, false),
        true,
        metadata);
  }

  private List<Object[]> classes() {
    int pixels = sums.shape().pixels();
    int maps = sums.lowValues();
    int columns = classColumns().size(); // the last values may have none
    List<Object[]> rows = new ArrayList<>();
    sums.classes()
        .forEach(
            (predicted, of) -> {
              Object[] row = {
                predicted,
                of.images,
                of.hits,
                means(of.maps, 0, pixels, of.images),
                variances(of.maps, 0, pixels, of.images),
                means(of.maps, pixels, maps, of.images),
                variances(of.maps, pixels, maps, of.images)
              };
              rows.add(Arrays.copyOf(row, columns));
            });
    return rows;
  }

  private List<Object[]> pairs() {
    Zoom zoom = Explainer.zoom(sums.shape());
    long least =
        sums.pairs().values().stream()
            .map(pair -> pair.images)
            .sorted(Comparator.reverseOrder())
            .skip(MOST_PAIRS)
            .findFirst()
            .orElse(0L);
    int columns = pairColumns().size(); // the last value may have none
    List<Object[]> rows = new ArrayList<>();
    sums.pairs()
        .forEach(
            (pair, of) -> {
              if (of.images > least) {
                int predicted = ExplanationSums.predicted(pair);
                double[] map = new double[sums.shape().cells()];
                for (int cell = 0; cell < map.length; cell++) {
                  map[cell] = of.maps.sum(sums.predictedMap(predicted) + cell) / of.images;
                }
                Object[] row = {
                  ExplanationSums.label(pair),
                  predicted,
                  of.images,
                  floats(zoom.zoom(map)),
                  means(of.maps, 0, sums.lowValues(), of.images)
                };
                rows.add(Arrays.copyOf(row, columns));
              }
            });
    return rows;
  }

  private List<Object[]> quantiles() {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < quantiles.size(); i++) {
      rows.add(new Object[] {Quantiles.WANTED.get(i), quantiles.get(i)});
    }
    return rows;
  }

  private static List<Object[]> zoom(ExplanationShape shape) {
    Zoom zoom = Explainer.zoom(shape);
    List<Object[]> rows = new ArrayList<>();
    for (int y = 0; y < shape.height(); y++) {
      rows.add(new Object[] {"y", y, zoom.rowWeights(y)});
    }
    for (int x = 0; x < shape.width(); x++) {
      rows.add(new Object[] {"x", x, zoom.columnWeights(x)});
    }
    return rows;
  }

  private List<Object[]> faithfulness() {
    List<Object[]> rows = new ArrayList<>();
    for (MeasuredMap map : MeasuredMap.values()) {
      rows.add(sums.faithfulness().get(map.place()).row(map.label()));
    }
    return rows;
  }

  private List<Object[]> cells() {
    List<Object[]> rows = new ArrayList<>();
    for (CellRanking ranking : CellRanking.values()) {
      rows.add(sums.cells().get(ranking.place()).areas(ranking.label()));
    }
    return rows;
  }

  private static List<Object[]> biases(HeadKind head, float[] bias) {
    float[] probabilities = new float[bias.length];
    head.probabilities(1, bias.length, bias, probabilities);
    List<Object[]> rows = new ArrayList<>();
    for (int c = 0; c < bias.length; c++) {
      rows.add(new Object[] {c, bias[c], probabilities[c]});
    }
    return rows;
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] means(FixedPointSums sums, int from, int count, long images) {
    float[] means = new float[count];
    for (int i = 0; i < count; i++) {
      means[i] = (float) (sums.sum(from + i) / images);
    }
    return means;
  }

  /** Mean of x squared, less the square of the mean of x; at least 0. */
  private static float[] variances(FixedPointSums sums, int from, int count, long images) {
    int squares = sums.length() / 2;
    float[] variances = new float[count];
    for (int i = 0; i < count; i++) {
      double mean = sums.sum(from + i) / images;
      variances[i] = (float) Math.max(0, sums.sum(squares + from + i) / images - mean * mean);
    }
    return variances;
  }
}
