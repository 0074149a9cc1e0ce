package io.sparkcam.verify;

import io.sparkcam.table.ColumnGroup;
import io.sparkcam.table.ExplanationBatch;
import io.sparkcam.table.FaithfulnessColumns;
import io.sparkcam.table.TableColumn;
import io.sparkcam.table.TableEntry;
import io.sparkcam.table.TableShape;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;

/** Reads every row of a published table again, on the executors, a row at a time. */
final class RowScan {
  /** What {@link CheckRows} reads, in this order. */
  private static final String[] COLUMNS = {
    "label",
    "predicted",
    "probability",
    "probabilities",
    "logits",
    "size(features)",
    "cam_low",
    "cam",
    "cam_min",
    "cam_max",
    "box_x0",
    "box_y0",
    "box_x1",
    "box_y1",
    "audit_error",
    "id",
    "_metadata.file_name",
    "_metadata.row_index"
  };

  private final TableEntry entry;
  private final Dataset<Row> table;

  /** The table as it lies in a run, pages checked against their checksums. */
  RowScan(SparkSession spark, Path run, TableEntry entry) {
    this.entry = entry;
    table =
        spark
            .read()
            .option("parquet.page.verify-checksum.enabled", "true")
            .schema(entry.schema().struct())
            .parquet(
                entry.parts().stream()
                    .map(part -> new Path(run, entry.path(part)).toString())
                    .toArray(String[]::new));
  }

  /** What all rows together show. */
  CheckResults check() {
    Map<String, Long> firstIds = new HashMap<>();
    entry.parts().forEach(part -> firstIds.put(part.name(), part.firstId()));
    CheckResults tally =
        table
            .selectExpr(COLUMNS)
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(new CheckRows(entry.shape(), firstIds, offsets()))
            .fold(new CheckResults(), CheckResults::add);
    return entry.schema().has(ColumnGroup.FAITHFULNESS) ? tally.add(faithfulness()) : tally;
  }

  private CheckResults faithfulness() {
    String[] columns =
        FaithfulnessColumns.columns().stream().map(TableColumn::name).toArray(String[]::new);
    return table
        .select("id", columns)
        .toJavaRDD()
        .mapPartitions(new FaithfulnessCheck(entry.shape()))
        .fold(new CheckResults(), CheckResults::add);
  }

  /** Of the row with the smallest id; empty without rows. */
  private double[] offsets() {
    List<Row> first =
        table
            .where(functions.col("id").equalTo(entry.parts().get(0).firstId()))
            .select("cam_low", "logits")
            .takeAsList(1);
    if (first.isEmpty()) {
      first = table.select("cam_low", "logits").takeAsList(1);
    }
    return first.isEmpty() ? new double[0] : offsets(first.get(0));
  }

  private double[] offsets(Row row) {
    return RowRules.offsets(entry.shape(), floats(row.getList(0)), floats(row.getList(1)));
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  private static final class CheckRows
      implements FlatMapFunction<Iterator<InternalRow>, CheckResults> {
    private static final long serialVersionUID = 1L;
    private final TableShape shape;
    private final HashMap<String, Long> firstIds;
    private final double[] offsets;

    /**
     * Checks rows of one table.
     *
     * @param firstIds of every part, by its name
     */
    CheckRows(TableShape shape, Map<String, Long> firstIds, double[] offsets) {
      this.shape = shape;
      this.firstIds = new HashMap<>(firstIds);
      this.offsets = offsets.clone();
    }

    @Override
    public Iterator<CheckResults> call(Iterator<InternalRow> rows) {
      CheckResults tally = new CheckResults();
      RowRules rules = new RowRules(shape, offsets, tally);
      while (rows.hasNext()) {
        InternalRow row = rows.next();
        long expectedId = firstIds.get(row.getUTF8String(16).toString()) + row.getLong(17);
        rules.check(explained(row), expectedId);
      }
      return List.of(tally).iterator();
    }

    private static RowRules.Explained explained(InternalRow row) {
      RowRules.Explained values = new RowRules.Explained();
      values.label = row.isNullAt(0) ? ExplanationBatch.NONE : row.getInt(0);
      values.labelled = !row.isNullAt(0);
      values.predicted = row.getInt(1);
      values.probability = row.getFloat(2);
      values.probabilities = row.getArray(3).toFloatArray();
      values.logits = row.getArray(4).toFloatArray();
      values.features = row.getInt(5);
      values.maps = row.getArray(6).toFloatArray();
      values.cam = row.getArray(7).toFloatArray();
      values.camMin = row.getFloat(8);
      values.camMax = row.getFloat(9);
      for (int i = 0; i < 4; i++) {
        values.box[i] = row.isNullAt(10 + i) ? ExplanationBatch.NONE : row.getInt(10 + i);
        values.boxed += row.isNullAt(10 + i) ? 0 : 1;
      }
      values.auditError = row.getFloat(14);
      values.id = row.getLong(15);
      return values;
    }
  }
}
