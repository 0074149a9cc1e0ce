package io.sparkcam.table;

import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.in;
import static org.apache.parquet.filter2.predicate.FilterApi.intColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;

import io.sparkcam.cam.Box;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.filter2.compat.FilterCompat;

/**
 * The rows of a table, read where they lie: without Spark, of the columns that are needed the pages
 * that hold them.
 */
public final class RunTable {
  private static final String[] ROW = {
    "id", "label", "predicted", "probability", "cam_low", "box_x0", "box_y0", "box_x1", "box_y1"
  };

  private static final String[] SUMMARY = {
    "id", "label", "predicted", "probability", "cam_min", "cam_max", "audit_error"
  };

  private static final String[] ROW_OF_FEW =
      Stream.concat(Arrays.stream(ROW), Stream.of(ExplanationSchema.CAM_CLASSES))
          .toArray(String[]::new);

  private final Path run;
  private final TableEntry entry;
  private final Configuration configuration;

  /** The table of the run in that directory. */
  public RunTable(Path run, TableEntry entry, Configuration configuration) {
    this.run = run;
    this.entry = entry;
    this.configuration = configuration;
  }

  /** The ids of the first {@code count} images, in their order, that are predicted as the class. */
  public Set<Long> firstPredicted(int predicted, int count) throws IOException {
    FilterCompat.Filter asked = FilterCompat.get(eq(intColumn("predicted"), predicted));
    Set<Long> ids = new LinkedHashSet<>();
    for (PartFile part : entry.parts()) {
      if (ids.size() < count) {
        scan(
            part,
            asked,
            row -> {
              if (row.integer("predicted") == predicted) {
                ids.add(id(part, row));
              }
              return ids.size() < count;
            },
            "id",
            "predicted");
      }
    }
    return ids;
  }

  /**
   * The rows of these ids, in the order of the table.
   *
   * @throws IOException also when one of them is missing
   */
  public List<ExplainedRow> rows(Set<Long> ids) throws IOException {
    List<ExplainedRow> rows = new ArrayList<>();
    for (PartFile part : entry.parts()) {
      Set<Long> here =
          ids.stream()
              .filter(id -> part.firstId() <= id && id <= part.lastId())
              .collect(Collectors.toSet());
      if (!here.isEmpty()) {
        int before = rows.size();
        scan(
            part,
            FilterCompat.get(in(longColumn("id"), here)),
            row -> {
              if (here.contains(row.number("id"))) {
                rows.add(row(part, row));
              }
              return rows.size() < before + here.size();
            },
            columns());
        int found = rows.size() - before;
        if (found < here.size()) {
          throw new IOException(
              "%s: %s rows of ids %s, expected %s".formatted(name(part), found, here, here.size()));
        }
      }
    }
    return rows;
  }

  private long id(PartFile part, RowReader row) throws IOException {
    long id = row.number("id");
    if (id < part.firstId() || id > part.lastId()) {
      throw new IOException(
          "%s: id %s, expected %s to %s".formatted(name(part), id, part.firstId(), part.lastId()));
    }
    return id;
  }

  private ExplainedRow row(PartFile part, RowReader read) throws IOException {
    int maps = read.floats("cam_low").length;
    require(part, "values of cam_low", maps, entry.shape().maps(), entry.shape().maps());
    ExplainedRow row = row(read);
    requireClasses(part, row.predicted(), row.label());
    require(part, "probability", row.probability(), 0, 1);
    for (Box box : row.boxes()) {
      require(part, "box_x1", box.x1(), 1, entry.shape().width());
      require(part, "box_y1", box.y1(), 1, entry.shape().height());
    }
    return row;
  }

  private void requireClasses(PartFile part, int predicted, int label) throws IOException {
    require(part, "predicted class", predicted, 0, entry.shape().classes() - 1);
    require(part, "label", label, ExplanationBatch.NONE, entry.shape().classes() - 1);
  }

  private void require(PartFile part, String what, double found, int least, int most)
      throws IOException {
    if (!(found >= least && found <= most)) {
      throw new IOException(
          "%s: %s %s, expected %s to %s".formatted(name(part), what, found, least, most));
    }
  }

  /** Hands over the numbers of every row, in the order of the table, one after the other. */
  public void forEach(Consumer<RowSummary> consumer) throws IOException {
    for (PartFile part : entry.parts()) {
      scan(
          part,
          FilterCompat.NOOP,
          row -> {
            consumer.accept(summary(part, row));
            return true;
          },
          SUMMARY);
    }
  }

  private RowSummary summary(PartFile part, RowReader read) throws IOException {
    RowSummary row =
        new RowSummary(
            id(part, read),
            label(read),
            read.integer("predicted"),
            read.real("probability"),
            read.real("cam_min"),
            read.real("cam_max"),
            read.isNull("audit_error") ? ExplanationBatch.NONE : read.real("audit_error"));
    requireClasses(part, row.predicted(), row.label());
    return row;
  }

  private static int label(RowReader row) {
    return row.isNull("label") ? ExplanationBatch.NONE : row.integer("label");
  }

  private String[] columns() {
    return entry.shape().mapsAll() ? ROW : ROW_OF_FEW;
  }

  /** Maps of all classes; of those that the row has none of, NaN. */
  private float[] maps(RowReader row) {
    ExplanationShape shape = entry.shape();
    if (shape.mapsAll()) {
      return row.floats("cam_low");
    }
    float[] all = new float[shape.classes() * shape.cells()];
    Arrays.fill(all, Float.NaN);
    float[] classes = row.floats(ExplanationSchema.CAM_CLASSES);
    for (int i = 0; i < classes.length; i++) {
      int to = ((int) classes[i]) * shape.cells();
      System.arraycopy(row.floats("cam_low"), i * shape.cells(), all, to, shape.cells());
    }
    return all;
  }

  private ExplainedRow row(RowReader row) {
    List<Box> boxes =
        row.isNull("box_x0")
            ? List.of()
            : List.of(
                new Box(
                    row.integer("box_x0"),
                    row.integer("box_y0"),
                    row.integer("box_x1"),
                    row.integer("box_y1")));
    return new ExplainedRow(
        row.number("id"),
        label(row),
        row.integer("predicted"),
        row.real("probability"),
        maps(row),
        boxes);
  }

  /** Every row, in the order of the table, pulled one by one. */
  public RowCursor<ExplainedRow> cursor() {
    return new RowCursor<>(
        entry.parts().stream().map(part -> new Path(run, entry.path(part))).toList(),
        configuration,
        this::row,
        columns());
  }

  /** Hands over every row, in the order of the table, with these columns. */
  public void forEach(RowReader.Rows rows, String... columns) throws IOException {
    for (PartFile part : entry.parts()) {
      scan(part, FilterCompat.NOOP, rows, columns);
    }
  }

  private void scan(
      PartFile part, FilterCompat.Filter filter, RowReader.Rows rows, String... columns)
      throws IOException {
    RowReader.read(new Path(run, entry.path(part)), configuration, filter, rows, columns);
  }

  private String name(PartFile part) {
    return Storage.name(new Path(run, entry.path(part)));
  }
}
