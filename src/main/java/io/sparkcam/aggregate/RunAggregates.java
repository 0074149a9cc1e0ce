package io.sparkcam.aggregate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * What {@link Aggregates} wrote into a run, read where it lies, without Spark.
 *
 * @param classes ascending
 * @param pairs ascending by label, then by prediction
 * @param quantiles ascending
 */
public record RunAggregates(List<OfClass> classes, List<OfPair> pairs, List<Quantile> quantiles) {

  /**
   * The images that one class was predicted for.
   *
   * @param hits how many of them belong to it
   * @param camMean (H, W) row-major, the mean of their maps
   * @param camVariance (H, W) row-major, of the population
   */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  public record OfClass(
      int predicted, long images, long hits, float[] camMean, float[] camVariance) {
    public OfClass {
      camMean = camMean.clone();
      camVariance = camVariance.clone();
    }

    @Override
    public float[] camMean() {
      return camMean.clone();
    }

    @Override
    public float[] camVariance() {
      return camVariance.clone();
    }
  }

  /**
   * The images of one class that one class was predicted for.
   *
   * @param camMean (H, W) row-major, the mean of their maps
   */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  public record OfPair(int label, int predicted, long images, float[] camMean) {
    public OfPair {
      camMean = camMean.clone();
    }

    @Override
    public float[] camMean() {
      return camMean.clone();
    }
  }

  /** A value of {@code cam}, and the share of all values that are not above it. */
  public record Quantile(double share, float value) {}

  public RunAggregates {
    classes = List.copyOf(classes);
    pairs = List.copyOf(pairs);
    quantiles = List.copyOf(quantiles);
  }

  /** Those of the run in that directory. */
  public static RunAggregates read(Path run, Configuration configuration) throws IOException {
    return new RunAggregates(
        rows(new Path(run, Aggregates.CLASSES), configuration, RunAggregates::ofClass),
        rows(new Path(run, Aggregates.PAIRS), configuration, RunAggregates::ofPair),
        rows(new Path(run, Aggregates.QUANTILES), configuration, RunAggregates::quantile));
  }

  private static OfClass ofClass(Group group) {
    return new OfClass(
        group.getInteger("predicted", 0),
        group.getLong("images", 0),
        group.getLong("hits", 0),
        floats(group, "cam_mean"),
        floats(group, "cam_variance"));
  }

  private static OfPair ofPair(Group group) {
    return new OfPair(
        group.getInteger("label", 0),
        group.getInteger("predicted", 0),
        group.getLong("images", 0),
        floats(group, "cam_mean"));
  }

  private static Quantile quantile(Group group) {
    return new Quantile(group.getDouble("quantile", 0), group.getFloat("value", 0));
  }

  private static float[] floats(Group group, String column) {
    Group list = group.getGroup(column, 0);
    float[] values = new float[list.getFieldRepetitionCount(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup(0, i).getFloat(0, 0);
    }
    return values;
  }

  private static <T> List<T> rows(Path file, Configuration configuration, Function<Group, T> row)
      throws IOException {
    Configuration checking = new Configuration(configuration);
    checking.setBoolean("parquet.page.verify-checksum.enabled", true);
    List<T> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(checking).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        rows.add(row.apply(group));
      }
    } catch (RuntimeException e) { // what Parquet throws for bytes that are not its own
      throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
    }
    return rows;
  }
}
