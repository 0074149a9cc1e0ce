package io.sparkcam.table;

import io.sparkcam.explain.CellGroups;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.FaithfulnessPlan;
import io.sparkcam.explain.OptionalColumns;
import io.sparkcam.network.HeadKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.package$;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of the table {@code explanations}, for Spark and for Parquet. Columns may be added,
 * never redefined.
 *
 * <p>Arrays are flat and row-major. Their column's metadata holds {@code shape} (a list of sizes),
 * {@code layout} (the names of the axes, slowest first), {@code unit} and {@code comment}; Spark
 * reads it back with the schema, everyone else finds it in the file's footer.
 */
public final class ExplanationSchema {
  /** The classes that an image has, of data that has lists of them. */
  public static final String LABELS = "labels";

  /** Classes of several sigmoids. */
  public static final String PREDICTED_LABELS = "predicted_labels";

  /** Name of a column. */
  public static final String CAM_CLASSES = "cam_classes";

  private final ExplanationShape shape;
  private final Set<OptionalColumns> groups;
  private final List<TableColumn> columns;

  private ExplanationSchema(ExplanationShape given, Set<OptionalColumns> groups) {
    this.shape = given.with(groups);
    this.groups = Set.copyOf(groups);
    List<TableColumn> all = new ArrayList<>(always(shape));
    for (OptionalColumns usual : OptionalColumns.USUAL) {
      if (!groups.contains(usual)) {
        String name = columns(usual, shape).get(0).name();
        all.removeIf(column -> column.name().equals(name));
      }
    }
    for (OptionalColumns group : OptionalColumns.values()) {
      if (groups.contains(group) && !OptionalColumns.USUAL.contains(group)) {
        all.addAll(columns(group, shape));
      }
    }
    this.columns = List.copyOf(all);
  }

  static List<TableColumn> columns(OptionalColumns group, ExplanationShape shape) {
    return switch (group) {
      case FEATURES -> List.of(features(shape));
      case CAM -> List.of(cam(shape));
      case CAM_CLASSES ->
          List.of(
              TableColumn.indices(
                  CAM_CLASSES,
                  "rank",
                  "classes of the largest logits, which cam_low has the maps of",
                  ExplanationBatch::camClasses,
                  shape.mapped()));
      case FAITHFULNESS -> FaithfulnessColumns.columns(shape);
      case CELL_FAITHFULNESS -> CellColumns.faithfulness();
      case SHAPLEY -> CellColumns.shapley(CellGroups.of(shape));
      case LABELS ->
          List.of(
              TableColumn.lists(
                  LABELS, "true classes, ascending", ExplanationBatch::labelsOf, shape.classes()));
      case PREDICTED_LABELS ->
          List.of(
              TableColumn.lists(
                  PREDICTED_LABELS,
                  "classes whose probability is above the run's --threshold, ascending",
                  ExplanationBatch::predictedLabels,
                  shape.classes()));
    };
  }

  private static List<TableColumn> always(ExplanationShape shape) {
    return List.of(
        TableColumn.longs(
            "id", "0-based index of the image in its source", (batch, row) -> batch.ids()[row]),
        TableColumn.ints(
                "label", "true class, null if unknown", (batch, row) -> batch.labels()[row])
            .orNull(),
        TableColumn.ints(
            "predicted", "class of the largest logit", (batch, row) -> batch.predicted()[row]),
        TableColumn.floats(
                "probability",
                "probability of the predicted class",
                (batch, row) -> batch.probability()[row])
            .in("probability"),
        TableColumn.tensors(
                "probabilities",
                "class",
                shape.head() == HeadKind.SOFTMAX
                    ? "softmax of the logits"
                    : "sigmoid of each logit",
                ExplanationBatch::probabilities,
                shape.classes())
            .in("probability"),
        TableColumn.tensors(
                "logits",
                "class",
                "output of the dense layer before softmax",
                ExplanationBatch::logits,
                shape.classes())
            .in("logit"),
        features(shape),
        TableColumn.tensors(
                "cam_low",
                "class,y,x",
                shape.method().method().title() + " at feature resolution, raw and signed",
                ExplanationBatch::camLow,
                shape.mapped(),
                shape.featureHeight(),
                shape.featureWidth())
            .in("logit"),
        cam(shape),
        TableColumn.floats("cam_min", "smallest value of cam", (batch, row) -> batch.camMin()[row])
            .in("logit"),
        TableColumn.floats("cam_max", "largest value of cam", (batch, row) -> batch.camMax()[row])
            .in("logit"),
        box(0, "box_x0", "first column of the box"),
        box(1, "box_y0", "first row of the box"),
        box(2, "box_x1", "first column to the right of the box"),
        box(3, "box_y1", "first row below the box"),
        audit(shape));
  }

  private static TableColumn audit(ExplanationShape shape) {
    TableColumn column =
        TableColumn.floats(
                "audit_error",
                "max over classes of |mean(cam_low_c) + bias_c - logit_c|",
                (batch, row) -> batch.auditError()[row])
            .in("logit");
    return shape.method().method().addsUp() ? column : column.orNull();
  }

  private static TableColumn features(ExplanationShape shape) {
    return TableColumn.tensors(
            "features",
            "y,x,k",
            "output of the last convolution after ReLU",
            ExplanationBatch::features,
            shape.featureHeight(),
            shape.featureWidth(),
            shape.channels())
        .in("activation");
  }

  private static TableColumn cam(ExplanationShape shape) {
    return TableColumn.tensors(
            "cam",
            "y,x",
            "map of the predicted class, zoomed by a corner-aligned quadratic spline,"
                + " raw and signed",
            ExplanationBatch::cam,
            shape.height(),
            shape.width())
        .in("logit");
  }

  private static TableColumn box(int place, String name, String comment) {
    return TableColumn.ints(
            name, comment + ", null without a box", (batch, row) -> batch.boxes()[row * 4 + place])
        .orNull()
        .in("pixel");
  }

  /** The table for one network and one size of images. */
  public static ExplanationSchema of(ExplanationShape shape) {
    return of(shape, OptionalColumns.USUAL);
  }

  /** The same, with these columns. */
  public static ExplanationSchema of(ExplanationShape shape, Set<OptionalColumns> groups) {
    return new ExplanationSchema(shape, groups);
  }

  /** The table of explanations that are measured as planned. */
  public static ExplanationSchema of(ExplanationShape shape, FaithfulnessPlan plan) {
    return of(shape, plan.columns());
  }

  public ExplanationShape shape() {
    return shape;
  }

  /** The groups of columns that it has. */
  public Set<OptionalColumns> groups() {
    return groups;
  }

  /** In their order. */
  public List<TableColumn> columns() {
    return columns;
  }

  /** The schema for Spark, with the columns' metadata. */
  public StructType struct() {
    return new StructType(columns.stream().map(TableColumn::field).toArray(StructField[]::new));
  }

  /** The schema in Parquet, as Spark writes the same types. */
  public MessageType message() {
    List<Type> types = new ArrayList<>();
    columns.forEach(column -> types.add(column.parquetType()));
    return new MessageType("spark_schema", types);
  }

  /** What a file's footer says beside its schema: the keys of Spark's own writer. */
  public Map<String, String> footer() {
    Map<String, String> footer = new LinkedHashMap<>();
    footer.put("org.apache.spark.version", package$.MODULE$.SPARK_VERSION());
    footer.put("org.apache.spark.sql.parquet.row.metadata", struct().json());
    return footer;
  }

  /** Bytes of one row's values. */
  int bytesPerRow() {
    return columns.stream().mapToInt(TableColumn::bytesPerRow).reduce(0, Math::addExact);
  }
}
