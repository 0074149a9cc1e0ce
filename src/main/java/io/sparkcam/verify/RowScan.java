package io.sparkcam.verify;

import io.sparkcam.aggregate.Aggregates;
import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.OptionalColumns;
import io.sparkcam.table.ExplanationSchema;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.RowReader;
import io.sparkcam.table.TableColumn;
import io.sparkcam.table.TableEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** Reads every row of a published table again, on the executors, a part a task, row by row. */
final class RowScan implements Function<PartFile, CheckResults> {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final ExplanationShape shape;
  private final Set<OptionalColumns> groups;
  private final double[] offsets;
  private final float[] baseProbabilities;
  private final double threshold;
  private final SerializableConfiguration configuration;

  private RowScan(
      Path table,
      TableEntry entry,
      double[] offsets,
      float[] baseProbabilities,
      double threshold,
      SerializableConfiguration configuration) {
    this.table = table.toString();
    this.shape = entry.shape();
    this.groups = entry.schema().groups();
    this.offsets = offsets.clone();
    this.baseProbabilities = baseProbabilities.clone();
    this.threshold = threshold;
    this.configuration = configuration;
  }

  /**
   * What all rows together show.
   *
   * @param table the directory of the parts
   * @param threshold of predicted labels
   */
  static CheckResults check(
      JavaSparkContext sc,
      Path table,
      TableEntry entry,
      double threshold,
      SerializableConfiguration configuration)
      throws IOException {
    List<PartFile> parts = entry.parts().stream().filter(part -> part.rows() > 0).toList();
    if (parts.isEmpty()) {
      return new CheckResults();
    }
    ExplanationShape shape = entry.shape();
    boolean all = shape.mapsAll();
    double[] offsets =
        all
            ? offsets(new Path(table, parts.get(0).name()), shape, configuration)
            : new double[shape.classes()];
    float[] base = new float[shape.classes()];
    if (!all || entry.schema().groups().contains(OptionalColumns.SHAPLEY)) {
      List<RunAggregates.OfBias> biases = biases(table.getParent(), base.length, configuration);
      for (int c = 0; c < base.length; c++) {
        base[c] = biases.get(c).probability();
        offsets[c] = all ? offsets[c] : -biases.get(c).bias();
      }
    }
    return sc.parallelize(parts, parts.size())
        .map(new RowScan(table, entry, offsets, base, threshold, configuration))
        .fold(new CheckResults(), CheckResults::add);
  }

  private static List<RunAggregates.OfBias> biases(
      Path run, int classes, SerializableConfiguration configuration) throws IOException {
    List<RunAggregates.OfBias> biases = RunAggregates.biases(run, configuration.value());
    if (biases.size() != classes) {
      throw new IOException(
          "%s: %s rows, expected %s".formatted(Aggregates.BIASES, biases.size(), classes));
    }
    return biases;
  }

  /** Of the first row of a part. */
  private static double[] offsets(
      Path part, ExplanationShape shape, SerializableConfiguration configuration)
      throws IOException {
    List<double[]> offsets = new ArrayList<>();
    RowReader.read(
        part,
        configuration.value(),
        row -> {
          float[] maps = row.floats("cam_low");
          float[] logits = row.floats("logits");
          boolean sized = maps.length == shape.maps() && logits.length == shape.classes();
          // Rows of other sizes are found as such.
          offsets.add(
              sized
                  ? RowRules.offsets(shape, maps, logits, shape.mappedClasses(logits, 0))
                  : new double[shape.classes()]);
          return false;
        },
        "cam_low",
        "logits");
    return offsets.get(0);
  }

  @Override
  public CheckResults call(PartFile part) throws IOException {
    CheckResults results = new CheckResults();
    ExplanationSchema schema = ExplanationSchema.of(shape, groups);
    RowRules rules = new RowRules(schema, offsets, baseProbabilities, threshold, results);
    long[] expectedId = {part.firstId()};
    RowReader.read(
        new Path(table, part.name()),
        configuration.value(),
        row -> {
          rules.check(row, expectedId[0]++);
          return true;
        },
        schema.columns().stream().map(TableColumn::name).toArray(String[]::new));
    return results;
  }
}
