package io.sparkcam.table;

import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.explain.MeasuredMap;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns that a table has if the faithfulness of its maps was measured, beside controls; they
 * come after all others.
 */
public final class FaithfulnessColumns {
  private static final String MASKED_PROBABILITY = "masked_probability";

  /** For every {@link MeasuredMap}. */
  public static final String INSERTION_AUC = "insertion_auc";

  /** For every {@link MeasuredMap}. */
  public static final String DELETION_AUC = "deletion_auc";

  /** For every {@link MeasuredMap}. */
  public static final String ROAD_AUC = "road_auc";

  private FaithfulnessColumns() {}

  static List<TableColumn> columns(ExplanationShape shape) {
    List<TableColumn> columns = new ArrayList<>();
    columns.add(peak(0, "peak_x", "column").within(0, shape.width() - 1));
    columns.add(peak(1, "peak_y", "row").within(0, shape.height() - 1));
    for (MeasuredMap map : MeasuredMap.values()) {
      columns.add(
          share(
              map.column(MASKED_PROBABILITY),
              "probability of the predicted class when the image is multiplied by the "
                  + name(map)
                  + ", rectified and divided by its maximum",
              (batch, row) -> batch.maskedProbabilities()[place(row, map)]));
    }
    for (MeasuredMap map : MeasuredMap.values()) {
      columns.add(
          share(
                  map.column(INSERTION_AUC),
                  curve(map, "appear in"),
                  (batch, row) -> batch.insertionAreas()[place(row, map)])
              .orNull());
      columns.add(
          share(
                  map.column(DELETION_AUC),
                  curve(map, "turn"),
                  (batch, row) -> batch.deletionAreas()[place(row, map)])
              .orNull());
      columns.add(
          share(
                  map.column(ROAD_AUC),
                  "mean probability of the predicted class while 0 to 90% of the pixels, the"
                      + " strongest of the %s first, are imputed from those around them, null if not"
                          .formatted(name(map))
                      + " sampled",
                  (batch, row) -> batch.roadAreas()[place(row, map)])
              .orNull());
    }
    return columns;
  }

  private static String curve(MeasuredMap map, String what) {
    return "mean probability of the predicted class while the pixels %s black, the strongest of the"
            .formatted(what)
        + " %s first, null if not sampled".formatted(name(map));
  }

  private static int place(int row, MeasuredMap map) {
    return row * MeasuredMap.values().length + map.place();
  }

  private static TableColumn share(String name, String comment, TableColumn.FloatValue value) {
    return TableColumn.floats(name, comment, value).in("probability").within(0, 1);
  }

  private static TableColumn peak(int place, String name, String axis) {
    return TableColumn.ints(
            name,
            axis + " where the aligned map of the predicted class is strongest",
            (batch, row) -> batch.peaks()[row * 2 + place])
        .in("pixel");
  }

  private static String name(MeasuredMap map) {
    return switch (map) {
      case CAM -> "aligned map";
      case RANDOM -> "aligned map with its cells shuffled";
      case CENTRED -> "centred Gaussian";
    };
  }
}
