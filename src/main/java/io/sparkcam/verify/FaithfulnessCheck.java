package io.sparkcam.verify;

import io.sparkcam.table.ColumnGroup;
import io.sparkcam.table.FaithfulnessColumns;
import io.sparkcam.table.MeasuredMap;
import io.sparkcam.table.TableShape;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/** What the columns of {@link ColumnGroup#FAITHFULNESS} promise, row by row, on the executors. */
final class FaithfulnessCheck implements FlatMapFunction<Iterator<Row>, CheckResults> {
  private static final long serialVersionUID = 1L;

  private final TableShape shape;

  FaithfulnessCheck(TableShape shape) {
    this.shape = shape;
  }

  @Override
  public Iterator<CheckResults> call(Iterator<Row> rows) {
    CheckResults tally = new CheckResults();
    while (rows.hasNext()) {
      Row row = rows.next();
      long id = row.getAs("id");
      tally.examine(Check.FAITHFULNESS);
      String wrong = wrong(row);
      if (!wrong.isEmpty()) {
        tally.fail(Check.FAITHFULNESS, id, "id " + id + ": " + wrong);
      }
    }
    return List.of(tally).iterator();
  }

  /** What is wrong with a row; empty if nothing is. */
  private String wrong(Row row) {
    int x = row.getAs("peak_x");
    int y = row.getAs("peak_y");
    if (x < 0 || x >= shape.width() || y < 0 || y >= shape.height()) {
      return "peak (%d, %d), expected one inside %d x %d"
          .formatted(x, y, shape.width(), shape.height());
    }
    boolean sampled = row.getAs(MeasuredMap.CAM.column(FaithfulnessColumns.INSERTION_AUC)) != null;
    for (MeasuredMap map : MeasuredMap.values()) {
      String masked = map.column(FaithfulnessColumns.MASKED_PROBABILITY);
      if (!isShare(row.getAs(masked))) {
        return "%s %s, expected 0 to 1".formatted(masked, row.getAs(masked));
      }
      for (String measure :
          List.of(FaithfulnessColumns.INSERTION_AUC, FaithfulnessColumns.DELETION_AUC)) {
        String column = map.column(measure);
        Float area = row.getAs(column);
        if (sampled ? !isShare(area) : area != null) {
          return "%s %s, expected %s".formatted(column, area, sampled ? "0 to 1" : "null");
        }
      }
    }
    return "";
  }

  private static boolean isShare(Float value) {
    return value != null && value >= 0 && value <= 1;
  }
}
