package io.sparkcam.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Exact quantiles of all values in a column of arrays of floats: quantile q of n values is the one
 * at rank ceil(q * n) in ascending order, the first at least, as {@code percentile_disc} in SQL.
 * Two passes count the values by the two digits of their place in the order of floats (radix
 * selection), so that memory is the same for any number of them.
 */
final class Quantiles {
  static final List<Double> WANTED =
      List.of(0.0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0);

  private static final StructType SCHEMA =
      new StructType()
          .add("quantile", DataTypes.DoubleType, false)
          .add("value", DataTypes.FloatType, false);

  private final SparkSession spark;
  private final Dataset<Row> table;
  private final String column;

  Quantiles(Dataset<Row> table, String column) {
    this.spark = table.sparkSession();
    this.table = table;
    this.column = column;
  }

  /** The quantiles, ascending; no rows if there are no values. */
  Dataset<Row> table() {
    long[] high = count(1, 0);
    long total = Arrays.stream(high).sum();
    List<Row> rows = new ArrayList<>();
    if (total > 0) {
      List<Place> places = WANTED.stream().map(q -> place(high, 0, rank(q, total))).toList();
      int[] prefixes = places.stream().mapToInt(Place::digit).distinct().toArray();
      long[] low = count(0, prefixes);
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        int slot = Arrays.binarySearch(prefixes, place.digit);
        Place last = place(low, slot * DigitCounts.RADIX, place.rank);
        long order = (long) place.digit * DigitCounts.RADIX + last.digit;
        rows.add(RowFactory.create(WANTED.get(i), DigitCounts.value(order)));
      }
    }
    return spark.createDataFrame(rows, SCHEMA);
  }

  private long[] count(int place, int... prefixes) {
    DigitCounts counts = new DigitCounts(spark, place, prefixes);
    Column counted =
        functions
            .udaf(counts, spark.implicits().newFloatArrayEncoder())
            .apply(functions.col(column));
    return table.select(counted).as(spark.implicits().newLongArrayEncoder()).first();
  }

  private static long rank(double quantile, long total) {
    return Math.max(1, (long) Math.ceil(quantile * total));
  }

  /**
   * Where a value was counted.
   *
   * @param rank of the value among those counted there, from 1
   */
  private record Place(int digit, long rank) {}

  private static Place place(long[] counts, int offset, long rank) {
    int digit = 0;
    long rest = rank;
    while (rest > counts[offset + digit]) {
      rest -= counts[offset + digit];
      digit++;
    }
    return new Place(digit, rest);
  }
}
