package io.sparkcam.aggregate;

import io.sparkcam.cam.KMeans;
import io.sparkcam.data.SeededPermutation;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.run.RunDirectory;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.RowReader;
import io.sparkcam.table.RowsWriter;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Groups of images that are predicted as one class for different reasons (after S. Lapuschkin et
 * al., "Unmasking Clever Hans predictors and assessing what machines really learn", Nature
 * Communications 2019): the maps of each class, at feature resolution and divided by their
 * Euclidean length, so that places count and not strength, in the groups of {@link KMeans}, at most
 * {@value #MOST} of them.
 *
 * <p>Centres are found on a sample of each class that seed and ids alone decide, {@value #SAMPLED}
 * images or so, fewer of many classes; then every image is counted in the group of the nearest
 * centre of its class.
 *
 * <p>{@link #NAME} has a row a group, those of a class from the largest to the smallest: {@code
 * predicted}, {@code reason} (from 0), {@code images}, {@code hits}, {@code probability} (mean),
 * {@code centre} (a map of length about 1), {@code cam_low_mean} (mean map of the class, raw),
 * {@code exemplar}, {@code second_exemplar}, {@code third_exemplar} (ids of the images that are
 * nearest to the centre).
 */
public final class ReasonGroups {
  /** Name of a file in a run. */
  public static final String NAME = "aggregates/reasons.parquet";

  private static final int MOST = 8;
  private static final int SAMPLED = 1000;
  private static final int SAMPLED_OF_ALL = 200_000;
  private static final int EXEMPLARS = 3;

  private ReasonGroups() {}

  /** What is read of a row. */
  private record Image(long id, int label, int predicted, float probability, float[] map) {
    /** The map divided by its length; zeros stay. */
    float[] unit() {
      double square = 0;
      for (float value : map) {
        square += (double) value * value;
      }
      float[] unit = map.clone();
      for (int i = 0; i < unit.length && square > 0; i++) {
        unit[i] = (float) (unit[i] / Math.sqrt(square));
      }
      return unit;
    }
  }

  /** Reads the images of a part. */
  private record Images(SerializableConfiguration configuration, ExplanationShape shape)
      implements Serializable {
    void read(String part, Consumer<Image> images) throws IOException {
      RowReader.read(
          new Path(part),
          configuration.value(),
          row -> {
            int predicted = row.integer("predicted");
            images.accept(
                new Image(
                    row.number("id"),
                    row.isNull("label") ? -1 : row.integer("label"),
                    predicted,
                    row.real("probability"),
                    Arrays.copyOfRange(
                        row.floats("cam_low"),
                        shape.predictedMap(predicted),
                        shape.predictedMap(predicted) + shape.cells())));
            return true;
          },
          "id",
          "label",
          "predicted",
          "probability",
          "cam_low");
    }
  }

  /** The sample of a part: of a class every image whose place in a random order is low enough. */
  private record Sample(Images images, SeededPermutation order, Map<Integer, Double> shares)
      implements Function<String, Map<Integer, List<float[]>>> {
    @Override
    public Map<Integer, List<float[]>> call(String part) throws IOException {
      Map<Integer, List<float[]>> sample = new TreeMap<>();
      images.read(
          part,
          image -> {
            if (order.position(image.id) < shares.get(image.predicted) * order.size()) {
              sample.computeIfAbsent(image.predicted, c -> new ArrayList<>()).add(image.unit());
            }
          });
      return sample;
    }
  }

  /** What the images of one group come to, whatever their order. */
  private static final class Group implements Serializable {
    private static final long serialVersionUID = 1L;
    private long images;
    private long hits;
    private BigDecimal probability = BigDecimal.ZERO;
    private final BigDecimal[] map;
    private final List<double[]> nearest = new ArrayList<>();

    Group(int cells) {
      map = new BigDecimal[cells];
      Arrays.fill(map, BigDecimal.ZERO);
    }

    void add(Image image, double distance) {
      images++;
      hits += image.label == image.predicted ? 1 : 0;
      probability = probability.add(new BigDecimal(image.probability));
      for (int cell = 0; cell < map.length; cell++) {
        map[cell] = map[cell].add(new BigDecimal(image.map[cell]));
      }
      nearest.add(new double[] {distance, image.id});
      keepNearest();
    }

    private void keepNearest() {
      nearest.sort(
          Comparator.<double[]>comparingDouble(found -> found[0])
              .thenComparingDouble(found -> found[1]));
      while (nearest.size() > EXEMPLARS) {
        nearest.remove(EXEMPLARS);
      }
    }

    Group add(Group other) {
      images += other.images;
      hits += other.hits;
      probability = probability.add(other.probability);
      for (int cell = 0; cell < map.length; cell++) {
        map[cell] = map[cell].add(other.map[cell]);
      }
      nearest.addAll(other.nearest);
      keepNearest();
      return this;
    }

    Object[] row(int predicted, int reason, double... centre) {
      float[] mean = new float[map.length];
      float[] middle = new float[map.length];
      for (int cell = 0; cell < mean.length; cell++) {
        mean[cell] = (float) (map[cell].doubleValue() / images);
        middle[cell] = (float) centre[cell];
      }
      return new Object[] {
        predicted,
        reason,
        images,
        hits,
        probability.doubleValue() / images,
        middle,
        mean,
        exemplar(0),
        exemplar(1),
        exemplar(2)
      };
    }

    private Long exemplar(int place) {
      return place < nearest.size() ? (Long) (long) nearest.get(place)[1] : null;
    }
  }

  /** The groups of a part's images: by class, then by group. */
  private record Assignment(Images images, Map<Integer, List<double[]>> centres)
      implements Function<String, Map<Integer, Map<Integer, Group>>> {
    @Override
    public Map<Integer, Map<Integer, Group>> call(String part) throws IOException {
      Map<Integer, Map<Integer, Group>> groups = new TreeMap<>();
      images.read(
          part,
          image -> {
            List<double[]> of = centres.get(image.predicted);
            float[] unit = image.unit();
            int group = KMeans.nearest(of, unit);
            groups
                .computeIfAbsent(image.predicted, made -> new TreeMap<>())
                .computeIfAbsent(group, made -> new Group(unit.length))
                .add(image, KMeans.distance(unit, of.get(group)));
          });
      return groups;
    }
  }

  /**
   * Writes them into a run.
   *
   * @param sums of all rows of its table
   * @param parts of its table, adopted
   */
  public static void write(
      JavaSparkContext sc,
      RunDirectory run,
      ExplanationShape shape,
      List<PartFile> parts,
      ExplanationSums sums,
      long seed)
      throws IOException {
    int wanted = Math.max(50, Math.min(SAMPLED, SAMPLED_OF_ALL / shape.classes()));
    Map<Integer, Double> shares = new HashMap<>();
    long all = 0;
    for (var of : sums.classes().entrySet()) {
      shares.put(of.getKey(), Math.min(1, (double) wanted / of.getValue().images));
      all += of.getValue().images;
    }
    List<Object[]> rows = new ArrayList<>();
    if (all > 0) {
      Images images = new Images(new SerializableConfiguration(sc.hadoopConfiguration()), shape);
      List<String> files =
          parts.stream()
              .filter(part -> part.rows() > 0)
              .map(part -> new Path(run.table(), part.name()).toString())
              .toList();
      Map<Integer, List<float[]>> sample = new TreeMap<>();
      for (Map<Integer, List<float[]>> found :
          sc.parallelize(files, files.size())
              .map(new Sample(images, new SeededPermutation(all, seed, 1), shares))
              .collect()) {
        found.forEach(
            (c, points) -> sample.computeIfAbsent(c, made -> new ArrayList<>()).addAll(points));
      }
      Map<Integer, List<double[]>> centres = new HashMap<>();
      for (int c : shares.keySet()) {
        List<float[]> points = sample.getOrDefault(c, List.of(new float[shape.cells()]));
        centres.put(c, KMeans.centres(points.toArray(new float[0][]), MOST, seed));
      }
      rows =
          rows(
              sc.parallelize(files, files.size())
                  .map(new Assignment(images, centres))
                  .treeReduce(ReasonGroups::add),
              centres);
    }
    write(run, rows);
  }

  private static Map<Integer, Map<Integer, Group>> add(
      Map<Integer, Map<Integer, Group>> groups, Map<Integer, Map<Integer, Group>> others) {
    others.forEach(
        (c, of) ->
            of.forEach(
                (group, more) ->
                    groups
                        .computeIfAbsent(c, made -> new TreeMap<>())
                        .merge(group, more, Group::add)));
    return groups;
  }

  private static List<Object[]> rows(
      Map<Integer, Map<Integer, Group>> groups, Map<Integer, List<double[]>> centres) {
    List<Object[]> rows = new ArrayList<>();
    groups.forEach(
        (c, of) -> {
          List<Integer> order = new ArrayList<>(of.keySet());
          order.sort(Comparator.comparingLong(group -> -of.get(group).images));
          for (int i = 0; i < order.size(); i++) {
            rows.add(of.get(order.get(i)).row(c, i, centres.get(c).get(order.get(i))));
          }
        });
    return rows;
  }

  private static void write(RunDirectory run, List<Object[]> rows) throws IOException {
    var map = DataTypes.createArrayType(DataTypes.FloatType, false);
    StructType columns =
        new StructType()
            .add("predicted", DataTypes.IntegerType, false)
            .add("reason", DataTypes.IntegerType, false)
            .add("images", DataTypes.LongType, false)
            .add("hits", DataTypes.LongType, false)
            .add("probability", DataTypes.DoubleType, false)
            .add("centre", map, false)
            .add("cam_low_mean", map, false)
            .add("exemplar", DataTypes.LongType, false)
            .add("second_exemplar", DataTypes.LongType, true)
            .add("third_exemplar", DataTypes.LongType, true);
    run.write(
        NAME,
        out -> {
          try (RowsWriter writer = RowsWriter.of(columns, out)) {
            for (Object[] row : rows) {
              writer.write(row);
            }
          }
        });
  }
}
