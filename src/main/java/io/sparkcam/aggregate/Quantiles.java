package io.sparkcam.aggregate;

import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.OptionalColumns;
import io.sparkcam.table.ExplanationSchema;
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
 * Exact quantiles of all values of the maps of predicted classes: quantile q of n values is the one
 * at rank ceil(q * n) in ascending order, the first at least, as {@code percentile_disc} in SQL.
 * The pass that explains counts the high digits of the values (radix selection); a second one,
 * here, takes them from {@code cam}, or zooms {@code cam_low} once more, and counts the low digits
 * of those that have a wanted high digit.
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
      JavaSparkContext sc,
      DigitCounts high,
      Path table,
      List<PartFile> parts,
      ExplanationSchema schema)
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
                    schema.shape(),
                    schema.groups().contains(OptionalColumns.CAM),
                    new SerializableConfiguration(sc.hadoopConfiguration()),
                    prefixes))
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
    private final ExplanationShape shape;
    private final boolean zoomed;
    private final SerializableConfiguration configuration;
    private final int[] prefixes;

    CountLowDigits(
        ExplanationShape shape,
        boolean zoomed,
        SerializableConfiguration configuration,
        int... prefixes) {
      this.shape = shape;
      this.zoomed = zoomed;
      this.configuration = configuration;
      this.prefixes = prefixes.clone();
    }

    @Override
    public byte[] call(String file) throws IOException {
      DigitCounts counts = DigitCounts.low(prefixes);
      Zoom zoom = Explainer.zoom(shape);
      float[] map = new float[shape.pixels()];
      RowReader.read(
          new Path(file),
          configuration.value(),
          row -> {
            if (zoomed) {
              counts.add(row.floats("cam"), 0, shape.pixels());
            } else {
              zoom.zoom(
                  row.floats("cam_low"), shape.predictedMap(row.integer("predicted")), map, 0);
              counts.add(map, 0, shape.pixels());
            }
            return true;
          },
          zoomed ? new String[] {"cam"} : new String[] {"cam_low", "predicted"});
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      counts.write(new DataOutputStream(bytes));
      return bytes.toByteArray();
    }
  }
}
