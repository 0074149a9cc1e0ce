package io.sparkcam.verify;

import io.sparkcam.table.ColumnGroup;
import io.sparkcam.table.ExplanationBatch;
import io.sparkcam.table.FaithfulnessColumns;
import io.sparkcam.table.PartFile;
import io.sparkcam.table.RowReader;
import io.sparkcam.table.TableColumn;
import io.sparkcam.table.TableEntry;
import io.sparkcam.table.TableShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** Reads every row of a published table again, on the executors, a part a task, row by row. */
final class RowScan implements Function<PartFile, CheckResults> {
  private static final long serialVersionUID = 1L;

  private static final List<String> COLUMNS =
      List.of(
          "id",
          "label",
          "predicted",
          "probability",
          "probabilities",
          "logits",
          "features",
          "cam_low",
          "cam",
          "cam_min",
          "cam_max",
          "box_x0",
          "box_y0",
          "box_x1",
          "box_y1",
          "audit_error");

  private static final List<String> BOX = List.of("box_x0", "box_y0", "box_x1", "box_y1");

  private final String table;
  private final TableShape shape;
  private final boolean measured;
  private final double[] offsets;
  private final SerializableConfiguration configuration;

  private RowScan(
      Path table, TableEntry entry, double[] offsets, SerializableConfiguration configuration) {
    this.table = table.toString();
    this.shape = entry.shape();
    this.measured = entry.schema().has(ColumnGroup.FAITHFULNESS);
    this.offsets = offsets.clone();
    this.configuration = configuration;
  }

  /**
   * What all rows together show.
   *
   * @param table the directory of the parts
   */
  static CheckResults check(
      JavaSparkContext sc, Path table, TableEntry entry, SerializableConfiguration configuration)
      throws IOException {
    List<PartFile> parts = entry.parts().stream().filter(part -> part.rows() > 0).toList();
    if (parts.isEmpty()) {
      return new CheckResults();
    }
    double[] offsets = offsets(new Path(table, parts.get(0).name()), entry.shape(), configuration);
    return sc.parallelize(parts, parts.size())
        .map(new RowScan(table, entry, offsets, configuration))
        .fold(new CheckResults(), CheckResults::add);
  }

  /** Of the first row of a part. */
  private static double[] offsets(
      Path part, TableShape shape, SerializableConfiguration configuration) throws IOException {
    List<double[]> offsets = new ArrayList<>();
    RowReader.read(
        part,
        configuration.value(),
        row -> {
          float[] maps = row.floats("cam_low");
          float[] logits = row.floats("logits");
          boolean sized = maps.length == shape.maps() && logits.length == shape.classes();
          // Rows of other sizes are found as such.
          offsets.add(sized ? RowRules.offsets(shape, maps, logits) : new double[shape.classes()]);
          return false;
        },
        "cam_low",
        "logits");
    return offsets.get(0);
  }

  @Override
  public CheckResults call(PartFile part) throws IOException {
    CheckResults results = new CheckResults();
    RowRules rules = new RowRules(shape, offsets, results);
    FaithfulnessCheck faithfulness = new FaithfulnessCheck(shape, results);
    List<String> columns = new ArrayList<>(COLUMNS);
    if (measured) {
      FaithfulnessColumns.columns().stream().map(TableColumn::name).forEach(columns::add);
    }
    long[] expectedId = {part.firstId()};
    RowReader.read(
        new Path(table, part.name()),
        configuration.value(),
        row -> {
          RowRules.Explained values = explained(row);
          rules.check(values, expectedId[0]++);
          if (measured) {
            faithfulness.check(values.id, row);
          }
          return true;
        },
        columns.toArray(String[]::new));
    return results;
  }

  private static RowRules.Explained explained(RowReader row) {
    RowRules.Explained values = new RowRules.Explained();
    values.id = row.number("id");
    values.labelled = !row.isNull("label");
    values.label = values.labelled ? row.integer("label") : ExplanationBatch.NONE;
    values.predicted = row.integer("predicted");
    values.probability = row.real("probability");
    values.probabilities = row.floats("probabilities");
    values.logits = row.floats("logits");
    values.features = row.size("features");
    values.maps = row.floats("cam_low");
    values.cam = row.floats("cam");
    values.camMin = row.real("cam_min");
    values.camMax = row.real("cam_max");
    for (int i = 0; i < BOX.size(); i++) {
      boolean there = !row.isNull(BOX.get(i));
      values.box[i] = there ? row.integer(BOX.get(i)) : ExplanationBatch.NONE;
      values.boxed += there ? 1 : 0;
    }
    values.auditError = row.real("audit_error");
    return values;
  }
}
