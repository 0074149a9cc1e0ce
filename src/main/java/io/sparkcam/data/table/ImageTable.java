package io.sparkcam.data.table;

import io.sparkcam.data.ClassNames;
import io.sparkcam.data.DataPlace;
import io.sparkcam.data.Part;
import io.sparkcam.data.image.BadRecordException;
import io.sparkcam.data.image.ImageForm;
import io.sparkcam.data.ingest.ContentReader;
import io.sparkcam.data.ingest.Labels;
import io.sparkcam.data.ingest.PartPlan;
import io.sparkcam.data.ingest.RecordSource;
import io.sparkcam.data.ingest.SourceKey;
import io.sparkcam.data.ingest.SourceRecord;
import io.sparkcam.data.ingest.TestSplit;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/** Rows of Parquet files: what is encoded in them is sorted by key, then decoded. */
final class ImageTable implements RecordSource {
  private final JavaSparkContext sc;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final DataPlace place;
  private final PartPlan<List<TableFooter>> plan;
  private final String imageColumn;
  private final ImageForm form;
  private final TableLabels labels;
  private final long testRows;
  private final Map<String, Long> unread;
  private final List<String> notes;

  /**
   * @param testRows of the rows that a split divides, those of the test part
   * @param unread files beside the table's
   */
  ImageTable(
      JavaSparkContext sc,
      Broadcast<SerializableConfiguration> hadoop,
      DataPlace place,
      PartPlan<List<TableFooter>> plan,
      String imageColumn,
      ImageForm form,
      TableLabels labels,
      long testRows,
      Map<String, Long> unread,
      List<String> notes) {
    this.sc = sc;
    this.hadoop = hadoop;
    this.place = place;
    this.plan = plan;
    this.imageColumn = imageColumn;
    this.form = form;
    this.labels = labels;
    this.testRows = testRows;
    this.unread = unread;
    this.notes = notes;
  }

  /** The name of a row: {@code train.parquet#17}. */
  static String source(TableFile file, long row) {
    return file.path() + "#" + row;
  }

  @Override
  public Set<Part> parts() {
    return plan.places().keySet();
  }

  @Override
  public boolean divided() {
    return plan.split().divides();
  }

  @Override
  public ClassNames classNames() {
    return labels.classNames();
  }

  @Override
  public Labels labels(Part part) {
    return labels.of(part);
  }

  @Override
  public List<List<Integer>> labelSets() {
    return labels.sets();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public long found(Part part) {
    long rows = plan.places().get(part).stream().mapToLong(TableFooter::rows).sum();
    if (!plan.split().divides() || part == Part.VALIDATION) {
      return rows;
    }
    return part == Part.TEST ? testRows : rows - testRows;
  }

  @Override
  public Map<String, Long> ignored(Part part) {
    return part == plan.naming() ? unread : Map.of();
  }

  @Override
  public ContentReader reader() {
    return new CellReader();
  }

  @Override
  public ImageForm form() {
    return form;
  }

  @Override
  public JavaPairRDD<SourceKey, SourceRecord> sorted(Part part) {
    List<TableFooter> footers = plan.places().get(part);
    long bytes = footers.stream().mapToLong(footer -> footer.bytes(imageColumn)).sum();
    List<TableSplit> splits =
        footers.stream().flatMap(footer -> footer.splits(imageColumn).stream()).toList();
    return sc.parallelize(splits, splits.size())
        .flatMapToPair(
            new ReadRows(place, part, plan.split(), imageColumn, labels.columnOf(part), hadoop))
        .repartitionAndSortWithinPartitions(SourceKey.Ranges.ofBytes(bytes));
  }

  @Override
  public void close() {}

  /** What a record brought along, if it is an image at all. */
  private static final class CellReader implements ContentReader {
    private static final long serialVersionUID = 1L;

    @Override
    public Object read(String source, SourceRecord record, Configuration configuration)
        throws BadRecordException {
      return checked(record.content());
    }
  }

  /** What a cell holds, if it can be an image. */
  static Object checked(Object content) throws BadRecordException {
    if (CellConverters.Numbers.RAGGED.equals(content)) {
      throw new BadRecordException(CellConverters.Numbers.RAGGED);
    }
    return content;
  }

  private static final class ReadRows
      implements PairFlatMapFunction<TableSplit, SourceKey, SourceRecord> {
    private static final long serialVersionUID = 1L;
    private final DataPlace place;
    private final Part part;
    private final TestSplit split;
    private final String imageColumn;
    private final String labelColumn;
    private final Broadcast<SerializableConfiguration> hadoop;

    ReadRows(
        DataPlace place,
        Part part,
        TestSplit split,
        String imageColumn,
        String labelColumn,
        Broadcast<SerializableConfiguration> hadoop) {
      this.place = place;
      this.part = part;
      this.split = split;
      this.imageColumn = imageColumn;
      this.labelColumn = labelColumn;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<Tuple2<SourceKey, SourceRecord>> call(TableSplit rows) throws IOException {
      TableRows table =
          TableRows.open(place, rows, imageColumn, labelColumn, hadoop.value().value());
      TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close(table));
      return new Rows(rows, table);
    }

    private static void close(TableRows table) {
      try {
        table.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    /** One row in memory, beside Parquet's pages. */
    private final class Rows implements Iterator<Tuple2<SourceKey, SourceRecord>> {
      private final TableSplit rows;
      private final TableRows table;
      private long row;
      private Tuple2<SourceKey, SourceRecord> next;

      Rows(TableSplit rows, TableRows table) {
        this.rows = rows;
        this.table = table;
        this.row = rows.firstRow;
      }

      @Override
      public boolean hasNext() {
        try {
          while (next == null && table.next()) {
            SourceKey key = new SourceKey(source(rows.file, row++));
            if (split.holds(part, key)) {
              next = new Tuple2<>(key, new SourceRecord(table.label(), table.image()));
            }
          }
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
        return next != null;
      }

      @Override
      public Tuple2<SourceKey, SourceRecord> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Tuple2<SourceKey, SourceRecord> found = next;
        next = null;
        return found;
      }
    }
  }
}
