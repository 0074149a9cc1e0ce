package io.sparkcam.table;

import java.util.ArrayList;
import java.util.List;

/** The columns of {@link ColumnGroup#FAITHFULNESS}. */
public final class FaithfulnessColumns {
  /** Each for every {@link MeasuredMap}. */
  public static final String MASKED_PROBABILITY = "masked_probability";

  public static final String INSERTION_AUC = "insertion_auc";
  public static final String DELETION_AUC = "deletion_auc";

  private FaithfulnessColumns() {}

  public static List<TableColumn> columns() {
    List<TableColumn> columns = new ArrayList<>();
    columns.add(peak(0, "peak_x", "column"));
    columns.add(peak(1, "peak_y", "row"));
    for (MeasuredMap map : MeasuredMap.values()) {
      columns.add(
          TableColumn.floats(
                  map.column(MASKED_PROBABILITY),
                  "probability of the predicted class when the image is multiplied by the "
                      + name(map)
                      + ", rectified and divided by its maximum",
                  stride(),
                  map.place(),
                  ExplanationBatch::maskedProbabilities)
              .in("probability"));
    }
    for (MeasuredMap map : MeasuredMap.values()) {
      columns.add(
          TableColumn.nullableFloats(
                  map.column(INSERTION_AUC),
                  "mean probability of the predicted class while the pixels appear in black, the"
                      + " strongest of the "
                      + name(map)
                      + " first, null if not sampled",
                  stride(),
                  map.place(),
                  ExplanationBatch::insertionAreas)
              .in("probability"));
      columns.add(
          TableColumn.nullableFloats(
                  map.column(DELETION_AUC),
                  "mean probability of the predicted class while the pixels turn black, the"
                      + " strongest of the "
                      + name(map)
                      + " first, null if not sampled",
                  stride(),
                  map.place(),
                  ExplanationBatch::deletionAreas)
              .in("probability"));
    }
    return columns;
  }

  private static int stride() {
    return MeasuredMap.values().length;
  }

  private static TableColumn peak(int offset, String name, String axis) {
    return TableColumn.ints(
            name,
            axis + " where the aligned map of the predicted class is strongest",
            2,
            offset,
            ExplanationBatch::peaks)
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
