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
 * @param maps the network's and its controls; none if their faithfulness was not measured
 */
public record RunAggregates(
    List<OfClass> classes, List<OfPair> pairs, List<Quantile> quantiles, List<OfMap> maps) {

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

  /**
   * How faithful one kind of map is.
   *
   * @param map its name
   * @param averageDrop of the predicted class's probability under the map, a share of it
   * @param increase share of images whose probability rises
   * @param sampled images that have curves
   * @param insertionArea mean area under their insertion curves, 0 to 1
   * @param deletionArea mean area under their deletion curves, 0 to 1
   */
  public record OfMap(
      String map,
      long images,
      double averageDrop,
      double increase,
      long sampled,
      double insertionArea,
      double deletionArea) {}

  public RunAggregates {
    classes = List.copyOf(classes);
    pairs = List.copyOf(pairs);
    quantiles = List.copyOf(quantiles);
    maps = List.copyOf(maps);
  }

  /** Those of the run in that directory. */
  public static RunAggregates read(Path run, Configuration configuration) throws IOException {
    return new RunAggregates(
        rows(new Path(run, Aggregates.CLASSES), configuration, RunAggregates::ofClass),
        rows(new Path(run, Aggregates.PAIRS), configuration, RunAggregates::ofPair),
        rows(new Path(run, Aggregates.QUANTILES), configuration, RunAggregates::quantile),
        maps(run, configuration));
  }

  /** Of each kind of map how faithful it is, in that run; none if it was not measured. */
  public static List<OfMap> maps(Path run, Configuration configuration) throws IOException {
    Path file = new Path(run, Aggregates.FAITHFULNESS);
    return file.getFileSystem(configuration).exists(file)
        ? rows(file, configuration, RunAggregates::ofMap)
        : List.of();
  }

  private static OfMap ofMap(Group group) {
    return new OfMap(
        group.getString("map", 0),
        group.getLong("images", 0),
        group.getDouble("average_drop", 0),
        group.getDouble("increase", 0),
        group.getLong("sampled", 0),
        group.getDouble("insertion_auc", 0),
        group.getDouble("deletion_auc", 0));
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
