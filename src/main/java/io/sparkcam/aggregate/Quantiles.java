package io.sparkcam.aggregate;

import io.sparkcam.table.PartFile;
import io.sparkcam.table.RowReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Exact quantiles of all values in a column of arrays of floats: quantile q of n values is the one
 * at rank ceil(q * n) in ascending order, the first at least, as {@code percentile_disc} in SQL.
 * The pass that explains counts the high digits of the values (radix selection); a second one,
 * here, reads the column again and counts the low digits of those that have a wanted high digit.
 */
final class Quantiles {
  static final List<Double> WANTED =
      List.of(0.0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0);

  private Quantiles() {}

  /**
   * The values of {@link #WANTED}; none if there are no values.
   *
   * @param high counts of all values
   * @param table directory of the parts
   */
  static List<Float> of(
      JavaSparkContext sc, DigitCounts high, Path table, List<PartFile> parts, String column)
      throws IOException {
    long total = high.total();
    List<Float> values = new ArrayList<>();
    if (total == 0) {
      return values;
    }
    List<DigitCounts.Place> places =
        WANTED.stream().map(wanted -> high.place(0, rank(wanted, total))).toList();
    int[] prefixes = places.stream().mapToInt(DigitCounts.Place::digit).distinct().toArray();
    DigitCounts low = DigitCounts.low(prefixes);
    List<String> files =
        parts.stream().map(part -> new Path(table, part.name()).toString()).toList();
    for (byte[] counts :
        sc.parallelize(files, files.size())
            .map(
                new CountLowDigits(
                    column, new SerializableConfiguration(sc.hadoopConfiguration()), prefixes))
            .collect()) {
      low.addWritten(new DataInputStream(new ByteArrayInputStream(counts)));
    }
    for (DigitCounts.Place place : places) {
      int digit = low.place(place.digit(), place.rank()).digit();
      values.add(DigitCounts.value(place.digit(), digit));
    }
    return values;
  }

  private static long rank(double quantile, long total) {
    return Math.max(1, (long) Math.ceil(quantile * total));
  }

  private static final class CountLowDigits implements Function<String, byte[]> {
    private static final long serialVersionUID = 1L;
    private final String column;
    private final SerializableConfiguration configuration;
    private final int[] prefixes;

    CountLowDigits(String column, SerializableConfiguration configuration, int... prefixes) {
      this.column = column;
      this.configuration = configuration;
      this.prefixes = prefixes.clone();
    }

    @Override
    public byte[] call(String file) throws IOException {
      DigitCounts counts = DigitCounts.low(prefixes);
      RowReader.read(
          new Path(file),
          configuration.value(),
          row -> {
            float[] values = row.floats(column);
            counts.add(values, 0, values.length);
            return true;
          },
          column);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      counts.write(new DataOutputStream(bytes));
      return bytes.toByteArray();
    }
  }
}
