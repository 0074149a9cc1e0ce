package io.sparkcam.verify;

import io.sparkcam.table.ColumnGroup;
import io.sparkcam.table.FaithfulnessColumns;
import io.sparkcam.table.MeasuredMap;
import io.sparkcam.table.RowReader;
import io.sparkcam.table.TableShape;
import java.util.List;

/** What the columns of {@link ColumnGroup#FAITHFULNESS} promise, row by row. */
final class FaithfulnessCheck {
  private final TableShape shape;
  private final CheckResults results;

  FaithfulnessCheck(TableShape shape, CheckResults results) {
    this.shape = shape;
    this.results = results;
  }

  void check(long id, RowReader row) {
    results.examine(Check.FAITHFULNESS);
    String wrong = wrong(row);
    if (!wrong.isEmpty()) {
      results.fail(Check.FAITHFULNESS, id, "id " + id + ": " + wrong);
    }
  }

  /** What is wrong with a row; empty if nothing is. */
  private String wrong(RowReader row) {
    int x = row.integer("peak_x");
    int y = row.integer("peak_y");
    if (x < 0 || x >= shape.width() || y < 0 || y >= shape.height()) {
      return "peak (%s, %s), expected one inside %s x %s"
          .formatted(x, y, shape.width(), shape.height());
    }
    boolean sampled = !row.isNull(MeasuredMap.CAM.column(FaithfulnessColumns.INSERTION_AUC));
    for (MeasuredMap map : MeasuredMap.values()) {
      String masked = map.column(FaithfulnessColumns.MASKED_PROBABILITY);
      if (!isShare(row.real(masked))) {
        return "%s %s, expected 0 to 1".formatted(masked, row.real(masked));
      }
      for (String measure :
          List.of(FaithfulnessColumns.INSERTION_AUC, FaithfulnessColumns.DELETION_AUC)) {
        String column = map.column(measure);
        Float area = row.isNull(column) ? null : (Float) row.real(column);
        if (sampled ? area == null || !isShare(area) : area != null) {
          return "%s %s, expected %s".formatted(column, area, sampled ? "0 to 1" : "null");
        }
      }
    }
    return "";
  }

  private static boolean isShare(float value) {
    return value >= 0 && value <= 1;
  }
}
