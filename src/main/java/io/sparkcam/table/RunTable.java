package io.sparkcam.table;

import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.in;
import static org.apache.parquet.filter2.predicate.FilterApi.intColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;

import io.sparkcam.cam.Box;
import io.sparkcam.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

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
    FilterPredicate asked = eq(intColumn("predicted"), predicted);
    Set<Long> ids = new LinkedHashSet<>();
    for (PartFile part : entry.parts()) {
      int missing = count - ids.size();
      if (missing > 0) {
        for (Group group : read(part, asked, missing, "id", "predicted")) {
          ids.add(id(part, group));
        }
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
        List<Group> found = read(part, in(longColumn("id"), here), here.size(), ROW);
        if (found.size() < here.size()) {
          throw new IOException(
              "%s: %d rows of ids %s, expected %d"
                  .formatted(name(part), found.size(), here, here.size()));
        }
        for (Group group : found) {
          rows.add(row(part, group));
        }
      }
    }
    return rows;
  }

  private long id(PartFile part, Group group) throws IOException {
    long id = group.getLong("id", 0);
    if (id < part.firstId() || id > part.lastId()) {
      throw new IOException(
          "%s: id %d, expected %d to %d".formatted(name(part), id, part.firstId(), part.lastId()));
    }
    return id;
  }

  private ExplainedRow row(PartFile part, Group group) throws IOException {
    try {
      ExplainedRow row = row(group);
      requireClasses(part, row.predicted(), row.label());
      require(part, "probability", row.probability(), 0, 1);
      for (Box box : row.boxes()) {
        require(part, "box_x1", box.x1(), 1, entry.shape().width());
        require(part, "box_y1", box.y1(), 1, entry.shape().height());
      }
      return row;
    } catch (RuntimeException e) { // what Parquet throws where a list has another length
      throw unreadable(part, e);
    }
  }

  private void requireClasses(PartFile part, int predicted, int label) throws IOException {
    require(part, "predicted class", predicted, 0, entry.shape().classes() - 1);
    require(part, "label", label, ExplanationBatch.NONE, entry.shape().classes() - 1);
  }

  private void require(PartFile part, String what, double found, int least, int most)
      throws IOException {
    if (!(found >= least && found <= most)) {
      throw new IOException(
          "%s: %s %s, expected %d to %d".formatted(name(part), what, found, least, most));
    }
  }

  private IOException unreadable(PartFile part, Throwable cause) {
    return new IOException(name(part) + ": cannot be read: " + cause.getMessage(), cause);
  }

  /** Hands over the numbers of every row, in the order of the table, one after the other. */
  public void forEach(Consumer<RowSummary> consumer) throws IOException {
    for (PartFile part : entry.parts()) {
      scan(
          part,
          FilterCompat.NOOP,
          group -> {
            consumer.accept(summary(part, group));
            return true;
          },
          SUMMARY);
    }
  }

  private RowSummary summary(PartFile part, Group group) throws IOException {
    RowSummary row =
        new RowSummary(
            id(part, group),
            label(group),
            group.getInteger("predicted", 0),
            group.getFloat("probability", 0),
            group.getFloat("cam_min", 0),
            group.getFloat("cam_max", 0),
            group.getFloat("audit_error", 0));
    requireClasses(part, row.predicted(), row.label());
    return row;
  }

  private static int label(Group group) {
    return group.getFieldRepetitionCount("label") == 0
        ? ExplanationBatch.NONE
        : group.getInteger("label", 0);
  }

  private ExplainedRow row(Group group) {
    Group list = group.getGroup("cam_low", 0);
    float[] camLow = new float[entry.shape().maps()];
    for (int i = 0; i < camLow.length; i++) {
      camLow[i] = list.getGroup(0, i).getFloat(0, 0);
    }
    List<Box> boxes =
        group.getFieldRepetitionCount("box_x0") == 0
            ? List.of()
            : List.of(
                new Box(
                    group.getInteger("box_x0", 0),
                    group.getInteger("box_y0", 0),
                    group.getInteger("box_x1", 0),
                    group.getInteger("box_y1", 0)));
    return new ExplainedRow(
        group.getLong("id", 0),
        label(group),
        group.getInteger("predicted", 0),
        group.getFloat("probability", 0),
        camLow,
        boxes);
  }

  private List<Group> read(PartFile part, FilterPredicate asked, int most, String... columns)
      throws IOException {
    List<Group> groups = new ArrayList<>();
    scan(
        part,
        FilterCompat.get(asked),
        group -> {
          groups.add(group);
          return groups.size() < most;
        },
        columns);
    return groups;
  }

  /** Takes rows. */
  @FunctionalInterface
  private interface Rows {
    /** Takes one, and says whether to go on. */
    boolean after(Group group) throws IOException;
  }

  /** Reads rows until there are no more. */
  private void scan(PartFile part, FilterCompat.Filter filter, Rows wantsMore, String... columns)
      throws IOException {
    Configuration projecting = new Configuration(configuration);
    projecting.set(ReadSupport.PARQUET_READ_SCHEMA, projection(columns).toString());
    projecting.setBoolean("parquet.page.verify-checksum.enabled", true);
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new Path(run, entry.path(part)))
            .withConf(projecting)
            .withFilter(filter)
            .build()) {
      Group group = reader.read();
      while (group != null && wantsMore.after(group)) {
        group = reader.read();
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      // What Parquet throws for bytes that are not its own: it takes memory of the sizes that they
      // declare. No heap that a whole table fits through lacks room for a page of a sound one.
      throw unreadable(part, e);
    }
  }

  private MessageType projection(String... columns) {
    MessageType all = ExplanationSchema.of(entry.shape()).message();
    List<Type> types = new ArrayList<>();
    for (String column : columns) {
      types.add(all.getType(column));
    }
    return new MessageType(all.getName(), types);
  }

  private String name(PartFile part) {
    return Storage.name(new Path(run, entry.path(part)));
  }
}
