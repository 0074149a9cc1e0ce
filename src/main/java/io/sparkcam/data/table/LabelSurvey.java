package io.sparkcam.data.table;

import io.sparkcam.data.DataPlace;
import io.sparkcam.data.ingest.SourceKey;
import io.sparkcam.data.ingest.TestSplit;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** The labels of a table: how many rows have which. */
final class LabelSurvey implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A column with more different values holds no classes. */
  static final int MOST_LABELS = 1 << 16;

  /** By the label as it is written. */
  final HashMap<String, Long> rows = new HashMap<>();

  /** Rows with blanks around their label. */
  long stripped;

  /** Of all rows, those that a split makes test images. */
  long testRows;

  LabelSurvey add(LabelSurvey other) {
    other.rows.forEach((label, count) -> rows.merge(label, count, Long::sum));
    stripped += other.stripped;
    testRows += other.testRows;
    return this;
  }

  boolean tooMany() {
    return rows.size() > MOST_LABELS;
  }

  /** Looks at the labels of a split alone. */
  static final class Task implements Function<TableSplit, LabelSurvey> {
    private static final long serialVersionUID = 1L;
    private final DataPlace place;
    private final String labelColumn;
    private final TestSplit split;
    private final Broadcast<SerializableConfiguration> hadoop;

    /**
     * @param labelColumn null if there are no labels
     */
    Task(
        DataPlace place,
        String labelColumn,
        TestSplit split,
        Broadcast<SerializableConfiguration> hadoop) {
      this.place = place;
      this.labelColumn = labelColumn;
      this.split = split;
      this.hadoop = hadoop;
    }

    @Override
    public LabelSurvey call(TableSplit rows) throws IOException {
      LabelSurvey survey = new LabelSurvey();
      if (split.divides()) {
        for (long row = rows.firstRow; row < rows.firstRow + rows.rows; row++) {
          survey.testRows += split.isTest(new SourceKey(ImageTable.source(rows.file, row))) ? 1 : 0;
        }
      }
      if (labelColumn == null) {
        return survey;
      }
      if (rows.file.partition().containsKey(labelColumn)) {
        survey.count(rows.file.partition().get(labelColumn), rows.rows);
        return survey;
      }
      try (TableRows table =
          TableRows.open(place, rows, null, labelColumn, hadoop.value().value())) {
        while (table.next() && !survey.tooMany()) {
          survey.count(table.label(), 1);
          survey.stripped += table.labelStripped() ? 1 : 0;
        }
      }
      return survey;
    }
  }

  private void count(String label, long count) {
    if (label != null) {
      rows.merge(label, count, Long::sum);
    }
  }
}
