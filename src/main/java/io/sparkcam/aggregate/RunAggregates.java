package io.sparkcam.aggregate;

import io.sparkcam.table.RowReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

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
   * @param roadArea mean area under their curves of imputed pixels, 0 to 1
   */
  public record OfMap(
      String map,
      long images,
      double averageDrop,
      double increase,
      long sampled,
      double insertionArea,
      double deletionArea,
      double roadArea) {}

  /**
   * What insertion and deletion of cells gave by one ranking of them.
   *
   * @param ranking its name
   * @param insertionArea mean area under the insertion curves, 0 to 1
   * @param deletionArea mean area under the deletion curves, 0 to 1
   */
  public record OfRanking(String ranking, long images, double insertionArea, double deletionArea) {}

  /**
   * Images that are predicted as one class for one reason.
   *
   * @param reason from 0, the largest group first
   * @param hits how many of them belong to the class
   * @param probability mean
   * @param camLowMean (h, w) row-major, the mean of their maps
   * @param exemplars ids of the most typical ones
   */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  public record OfReason(
      int predicted,
      int reason,
      long images,
      long hits,
      double probability,
      float[] camLowMean,
      List<Long> exemplars) {
    public OfReason {
      camLowMean = camLowMean.clone();
      exemplars = List.copyOf(exemplars);
    }

    @Override
    public float[] camLowMean() {
      return camLowMean.clone();
    }
  }

  /**
   * A class without any image.
   *
   * @param bias what its logit has beside the mean of its map
   * @param probability by the biases alone
   */
  public record OfBias(float bias, float probability) {}

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
    return rowsIfThere(new Path(run, Aggregates.FAITHFULNESS), configuration, RunAggregates::ofMap);
  }

  /** Of each ranking of cells, in that run; none if it was not measured. */
  public static List<OfRanking> rankings(Path run, Configuration configuration) throws IOException {
    return rowsIfThere(
        new Path(run, Aggregates.CELLS),
        configuration,
        row ->
            new OfRanking(
                row.string("ranking"),
                row.number("images"),
                row.precise("insertion_auc"),
                row.precise("deletion_auc")));
  }

  /**
   * How alike the maps are to those of a network of which some layers are random.
   *
   * @param layers the random ones
   * @param correlation mean rank correlation over all images
   */
  public record OfRandomLayers(String layers, long images, double correlation) {}

  /** The steps of the sanity check of that run; none if it was not made. */
  public static List<OfRandomLayers> sanity(Path run, Configuration configuration)
      throws IOException {
    return rowsIfThere(
        new Path(run, Aggregates.SANITY),
        configuration,
        row ->
            new OfRandomLayers(
                row.string("random_layers"),
                row.number("images"),
                row.precise("rank_correlation")));
  }

  /**
   * How a network does that was trained without some of the pixels.
   *
   * @param map by which they were chosen
   * @param removed share of the pixels
   * @param accuracy on the test images without theirs
   */
  public record OfRemoval(String map, double removed, double accuracy) {}

  /** What was removed and retrained for that run, a map after the other; none if nothing was. */
  public static List<OfRemoval> removals(Path run, Configuration configuration) throws IOException {
    return rowsIfThere(
        new Path(run, Aggregates.ROAR),
        configuration,
        row -> new OfRemoval(row.string("map"), row.precise("removed"), row.precise("accuracy")));
  }

  /** The reasons of each class of that run; none if they were not grouped. */
  public static List<OfReason> reasons(Path run, Configuration configuration) throws IOException {
    return rowsIfThere(new Path(run, ReasonGroups.NAME), configuration, RunAggregates::ofReason);
  }

  private static OfReason ofReason(RowReader row) {
    List<Long> exemplars = new ArrayList<>();
    for (String exemplar : List.of("exemplar", "second_exemplar", "third_exemplar")) {
      if (!row.isNull(exemplar)) {
        exemplars.add(row.number(exemplar));
      }
    }
    return new OfReason(
        row.integer("predicted"),
        row.integer("reason"),
        row.number("images"),
        row.number("hits"),
        row.precise("probability"),
        row.floats("cam_low_mean"),
        exemplars);
  }

  /** Of each class of that run, from 0 on. */
  public static List<OfBias> biases(Path run, Configuration configuration) throws IOException {
    return rows(
        new Path(run, Aggregates.BIASES),
        configuration,
        row -> new OfBias(row.real("bias"), row.real("base_probability")));
  }

  private static OfMap ofMap(RowReader row) {
    return new OfMap(
        row.string("map"),
        row.number("images"),
        row.precise("average_drop"),
        row.precise("increase"),
        row.number("sampled"),
        row.precise("insertion_auc"),
        row.precise("deletion_auc"),
        row.precise("road_auc"));
  }

  private static OfClass ofClass(RowReader row) {
    return new OfClass(
        row.integer("predicted"),
        row.number("images"),
        row.number("hits"),
        row.floats("cam_mean"),
        row.floats("cam_variance"));
  }

  private static OfPair ofPair(RowReader row) {
    return new OfPair(
        row.integer("label"),
        row.integer("predicted"),
        row.number("images"),
        row.floats("cam_mean"));
  }

  private static Quantile quantile(RowReader row) {
    return new Quantile(row.precise("quantile"), row.real("value"));
  }

  /** None where there is no such file. */
  private static <T> List<T> rowsIfThere(
      Path file, Configuration configuration, Function<RowReader, T> of) throws IOException {
    return file.getFileSystem(configuration).exists(file)
        ? rows(file, configuration, of)
        : List.of();
  }

  private static <T> List<T> rows(Path file, Configuration configuration, Function<RowReader, T> of)
      throws IOException {
    List<T> rows = new ArrayList<>();
    RowReader.read(file, configuration, row -> rows.add(of.apply(row)));
    return rows;
  }
}
