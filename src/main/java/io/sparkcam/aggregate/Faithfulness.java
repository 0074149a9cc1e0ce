package io.sparkcam.aggregate;

import static org.apache.spark.sql.functions.expr;

import io.sparkcam.table.MeasuredMap;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Averages what a table says of how faithful its maps are: the rows of {@link Aggregates}. */
final class Faithfulness {
  private Faithfulness() {}

  /** Of a table that has the columns. */
  static Dataset<Row> of(Dataset<Row> explanations) {
    String maps =
        Arrays.stream(MeasuredMap.values())
            .map(Faithfulness::columns)
            .collect(Collectors.joining(", "));
    return explanations
        .selectExpr(
            "CAST(probability AS DOUBLE) AS whole",
            "stack(%d, %s) AS (place, map, masked, insertion, deletion)"
                .formatted(MeasuredMap.values().length, maps))
        .groupBy("place", "map")
        .agg(
            expr("count(1)").as("images"),
            mean("greatest(0, (whole - masked) / whole)").as("average_drop"),
            mean("int(masked > whole)").as("increase"),
            expr("count(insertion)").as("sampled"),
            mean("insertion").as("insertion_auc"),
            mean("deletion").as("deletion_auc"))
        .coalesce(1)
        .sortWithinPartitions("place")
        .drop("place");
  }

  private static String columns(MeasuredMap map) {
    return "%d, '%s', CAST(%s AS DOUBLE), %s, %s"
        .formatted(
            map.place(),
            map.label(),
            map.column("masked_probability"),
            map.column("insertion_auc"),
            map.column("deletion_auc"));
  }

  /** Of shares, as decimal numbers: their sum does not depend on an order. */
  private static Column mean(String share) {
    return expr("CAST(avg(CAST(%s AS DECIMAL(20, 18))) AS DOUBLE)".formatted(share));
  }
}
