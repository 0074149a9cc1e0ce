package io.sparkcam.table;

import io.sparkcam.explain.CellGroups;
import io.sparkcam.explain.CellRanking;
import io.sparkcam.explain.ExplanationBatch;
import java.util.ArrayList;
import java.util.List;

/** The columns of what single cells do for the prediction. */
public final class CellColumns {
  /** What each cell contributes. */
  public static final String SHAPLEY = "shapley";

  private CellColumns() {}

  static List<TableColumn> shapley(CellGroups groups) {
    int cells = groups.count();
    return List.of(
        TableColumn.tensors(
                SHAPLEY,
                "y,x",
                "Shapley values of the predicted class's probability over " + groups.description(),
                ExplanationBatch::shapley,
                groups.rows(),
                groups.columns())
            .in("probability"),
        TableColumn.ints(
                "sufficient_count",
                "the fewest cells that alone keep the prediction",
                (batch, row) -> Integer.bitCount(batch.sufficientCells()[row]))
            .within(0, cells)
            .in("cell"),
        TableColumn.ints(
                "sufficient_cells",
                "which: bit i is value i of shapley; of as few those with the lowest",
                (batch, row) -> batch.sufficientCells()[row])
            .within(0, (1 << cells) - 1),
        TableColumn.ints(
                "deciding_count",
                "the fewest cells without which the prediction is another, null if there are none",
                (batch, row) -> count(batch.decidingCells()[row]))
            .orNull()
            .within(1, cells)
            .in("cell"),
        TableColumn.ints(
                "deciding_cells",
                "which, as sufficient_cells",
                (batch, row) -> batch.decidingCells()[row])
            .orNull()
            .within(1, (1 << cells) - 1));
  }

  private static int count(int cells) {
    return cells == ExplanationBatch.NONE ? cells : Integer.bitCount(cells);
  }

  static List<TableColumn> faithfulness() {
    List<TableColumn> columns = new ArrayList<>();
    for (CellRanking ranking : CellRanking.values()) {
      columns.add(
          area("cell_insertion_auc", "appear", ranking, ExplanationBatch::cellInsertionAreas));
      columns.add(
          area("cell_deletion_auc", "vanish", ranking, ExplanationBatch::cellDeletionAreas));
    }
    return columns;
  }

  private static TableColumn area(
      String name, String what, CellRanking ranking, TableColumn.FloatArrays areas) {
    String by =
        switch (ranking) {
          case CAM -> "the map";
          case SHAPLEY -> "Shapley value";
          case RANDOM -> "the map with its cells shuffled";
          case CENTRED -> "a centred Gaussian";
        };
    int rankings = CellRanking.values().length;
    return TableColumn.floats(
            ranking.column(name),
            "mean probability of the predicted class while cells %s, the strongest by %s first"
                .formatted(what, by),
            (batch, row) -> areas.of(batch)[row * rankings + ranking.place()])
        .in("probability")
        .within(0, 1);
  }
}
