package io.sparkcam.aggregate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import io.sparkcam.run.RowsFile;
import io.sparkcam.run.RunDirectory;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * Small tables made from the table of explanations, each a Parquet file under {@code aggregates/}
 * of the run. Arrays are laid out as the columns of the table that they were made of.
 *
 * <ul>
 *   <li>{@link #CLASSES}, a row a predicted class, ascending: {@code predicted}, {@code images},
 *       {@code hits} (images whose label it is), {@code cam_mean}, {@code cam_variance}, {@code
 *       cam_low_mean}, {@code cam_low_variance}
 *   <li>{@link #PAIRS}, a row a pair of label and prediction that occurs, ascending, right ones
 *       among them: {@code label}, {@code predicted}, {@code images}, {@code cam_mean}, {@code
 *       cam_low_mean}
 *   <li>{@link #QUANTILES}, of {@code cam} over all pixels of all images: {@code quantile}, {@code
 *       value}
 *   <li>{@link #FAITHFULNESS}, if the table has its columns, a row for each {@link
 *       io.sparkcam.table.MeasuredMap}, in their order: {@code map}, {@code images}, {@code
 *       average_drop}, {@code increase}, {@code sampled} (images that have curves), {@code
 *       insertion_auc}, {@code deletion_auc}. With Y the probability of the predicted class and O
 *       that of the image under the map, {@code average_drop} is the mean of max(0, Y - O) / Y and
 *       {@code increase} the share of images with O above Y (Chattopadhay et al., "Grad-CAM++",
 *       WACV 2018, which has both in per cent)
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
  public static final String FAITHFULNESS = "aggregates/faithfulness.parquet";

  private final Dataset<Row> explanations;

  /** Of a table of explanations. */
  public Aggregates(Dataset<Row> explanations) {
    this.explanations = explanations;
  }

  /** Computes all and writes them into a run. */
  public void write(RunDirectory run) throws IOException {
    run.write(CLASSES, RowsFile.of(classes()));
    run.write(PAIRS, RowsFile.of(pairs()));
    run.write(QUANTILES, RowsFile.of(quantiles()));
    if (List.of(explanations.columns()).contains("masked_probability")) {
      run.write(FAITHFULNESS, RowsFile.of(faithfulness()));
    }
  }

  /** The rows of {@link #CLASSES}. */
  public Dataset<Row> classes() {
    return explanations
        .groupBy("predicted")
        .agg(
            count(lit(1)).as("images"),
            count_if(col("label").equalTo(col("predicted"))).as("hits"),
            moments("cam"),
            moments("cam_low"))
        .coalesce(1)
        .sortWithinPartitions("predicted")
        .select(
            col("predicted"),
            col("images"),
            col("hits"),
            array("cam", "mean", "mean"),
            array("cam", "variance", "variance"),
            array("cam_low", "mean", "mean"),
            array("cam_low", "variance", "variance"));
  }

  /** The rows of {@link #PAIRS}. */
  public Dataset<Row> pairs() {
    return explanations
        .where(col("label").isNotNull())
        .groupBy("label", "predicted")
        .agg(count(lit(1)).as("images"), moments("cam"), moments("cam_low"))
        .coalesce(1)
        .sortWithinPartitions("label", "predicted")
        .select(
            col("label"),
            col("predicted"),
            col("images"),
            array("cam", "mean", "mean"),
            array("cam_low", "mean", "mean"));
  }

  /** The rows of {@link #QUANTILES}. */
  public Dataset<Row> quantiles() {
    return new Quantiles(explanations, "cam").table();
  }

  /** The rows of {@link #FAITHFULNESS}, of a table that has its columns. */
  public Dataset<Row> faithfulness() {
    return Faithfulness.of(explanations);
  }

  private Column moments(String column) {
    return MapMoments.of(explanations.sparkSession(), col(column)).as(column);
  }

  /** One array of the moments of a column, described as that column is. */
  private Column array(String column, String moment, String comment) {
    Metadata described = explanations.schema().apply(column).metadata();
    MetadataBuilder metadata =
        new MetadataBuilder()
            .withMetadata(described)
            .putString("comment", comment + " of " + column + " over the images");
    return col(column + "." + moment).as(column + "_" + moment, metadata.build());
  }
}
