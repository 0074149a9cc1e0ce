package io.sparkcam.view;

import io.sparkcam.data.ingest.SourceKey;
import io.sparkcam.run.RunOrigin;
import io.sparkcam.storage.Storage;
import io.sparkcam.table.ExplainedRow;
import io.sparkcam.table.RowCursor;
import io.sparkcam.table.RowReader;
import io.sparkcam.table.RowsWriter;
import io.sparkcam.view.html.HtmlReport;
import io.sparkcam.view.html.RunReport.Fact;
import io.sparkcam.view.html.TablePage;
import io.sparkcam.view.html.TablePage.Cell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.spark.sql.types.StructType;

/**
 * Which images two runs explain otherwise: a table of all that both have, counts, and a page of
 * those that differ most. Images are the same where their source is; those of IDX files, which have
 * no sources, where their id is and the files have one SHA-256. Both runs are in the order of
 * sources, so that one row of each is in memory.
 */
public final class RunDifference {
  /** Two maps correlate less than this if they are said to differ. */
  private static final double SAME_MAP = 0.9;

  private static final int SHOWN = 200;

  private static final StructType COLUMNS =
      new StructType()
          .add("source", "string", true)
          .add("id", "bigint", false)
          .add("other_id", "bigint", false)
          .add("same_image", "boolean", false)
          .add("label", "int", true)
          .add("predicted", "int", false)
          .add("other_predicted", "int", false)
          .add("probability", "float", false)
          .add("other_probability", "float", false)
          .add("outcome", "string", false)
          .add("map_correlation", "double", true)
          .add("strongest_cell", "int", true)
          .add("other_strongest_cell", "int", true);

  private static final List<String> SHOWN_COLUMNS =
      List.of("image", "true", "predicted", "other", "probability", "other", "map correlation");

  private final PublishedRun run;
  private final PublishedRun other;
  private final boolean listed;
  private final boolean sameGrid;
  private final List<String> names;
  private final PriorityQueue<Shown> shown =
      new PriorityQueue<>(Comparator.comparing(Shown::rank).reversed());
  private long images;
  private long onlyHere;
  private long onlyThere;
  private long changedImages;
  private long predictions;
  private long fixed;
  private long broken;
  private long maps;
  private long reasons;

  /** A row of the page; the least rank comes first. */
  private record Shown(double rank, List<Cell> cells) {}

  /** A row of a run, and what its source is; empty for IDX. */
  private record Explained(long id, SourceKey source, String sha256, ExplainedRow row) {
    int compareTo(Explained that) {
      return source == null ? Long.compare(id, that.id) : source.compareTo(that.source);
    }
  }

  /** Compares two runs whose images can be matched. */
  public RunDifference(PublishedRun run, PublishedRun other) throws IOException {
    this.run = run;
    this.other = other;
    this.listed = !run.sources().isEmpty();
    this.sameGrid =
        run.shape().featureHeight() == other.shape().featureHeight()
            && run.shape().featureWidth() == other.shape().featureWidth();
    this.names = run.manifest().origin().classNames();
    if (listed == other.sources().isEmpty()) {
      throw new IOException(
          "%s has a table of sources and %s has none: their images cannot be matched"
              .formatted(
                  listed ? run.directory() : other.directory(),
                  listed ? other.directory() : run.directory()));
    }
    if (!listed && !images(run).sha256().equals(images(other).sha256())) {
      throw new IOException(
          "%s: %s has SHA-256 %s, in %s %s has %s: expected the same test images"
              .formatted(
                  run.directory(),
                  images(run).name(),
                  images(run).sha256(),
                  other.directory(),
                  images(other).name(),
                  images(other).sha256()));
    }
    if (run.shape().classes() != other.shape().classes()
        || !names.equals(other.manifest().origin().classNames())) {
      throw new IOException(
          "%s has classes %s, %s has %s: expected the same"
              .formatted(
                  run.directory(),
                  names,
                  other.directory(),
                  other.manifest().origin().classNames()));
    }
  }

  /** The images that were explained: the last inputs are theirs and their labels'. */
  private static RunOrigin.Input images(PublishedRun run) throws IOException {
    List<RunOrigin.Input> inputs = run.manifest().origin().inputs();
    if (inputs.size() < 2) {
      throw new IOException(run.directory() + ": its manifest names no test images");
    }
    return inputs.get(inputs.size() - 2);
  }

  /** The rows of a run with their sources. */
  private static final class Rows implements AutoCloseable {
    private final RowCursor<ExplainedRow> rows;
    private final RowCursor<Explained> sources;
    private final boolean listed;
    private final PublishedRun run;
    private SourceKey last;

    Rows(PublishedRun run, boolean listed) {
      this.run = run;
      this.listed = listed;
      rows = run.table().cursor();
      sources =
          new RowCursor<>(
              run.sources(), run.configuration(), Rows::source, "id", "source", "sha256");
    }

    private static Explained source(RowReader row) {
      return new Explained(
          row.number("id"), new SourceKey(row.string("source")), row.string("sha256"), null);
    }

    Optional<Explained> next() throws IOException {
      Optional<ExplainedRow> row = rows.next();
      if (row.isEmpty() || !listed) {
        return row.map(found -> new Explained(found.id(), null, "", found));
      }
      Explained source =
          sources
              .next()
              .orElseThrow(
                  () -> new IOException(run.directory() + ": fewer sources than explanations"));
      boolean ordered = last == null || last.compareTo(source.source) < 0;
      if (source.id != row.get().id() || !ordered) {
        throw new IOException(
            "%s: source %s has id %s, expected %s, and sources in the order of their keys"
                .formatted(run.directory(), source.source.source(), source.id, row.get().id()));
      }
      last = source.source;
      return Optional.of(new Explained(source.id, source.source, source.sha256, row.get()));
    }

    @Override
    public void close() throws IOException {
      rows.close();
      sources.close();
    }
  }

  /**
   * Writes table and page.
   *
   * @param page where the page goes; the table lies beside it, with {@code .parquet} in place of
   *     {@code .html}
   * @return what differs, a line a count, then the two files
   */
  public List<String> write(OutputFile page) throws IOException {
    String name = page.path().getFileName().toString().replaceFirst("\\.html?$", "");
    Path table = page.path().resolveSibling(name + ".parquet");
    Storage.requireOwn(table);
    Path unfinished = table.resolveSibling(table.getFileName() + ".part");
    try {
      try (RowsWriter writer = RowsWriter.of(COLUMNS, Files.newOutputStream(unfinished))) {
        compare(writer);
        writer.finish();
      }
      Files.move(unfinished, table, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    ByteArrayOutputStream html = new ByteArrayOutputStream();
    HtmlReport.write(page(), html);
    page.write(html.toByteArray());
    List<String> lines = new ArrayList<>();
    facts().forEach(fact -> lines.add(fact.name() + ": " + fact.value()));
    lines.add(table.toString());
    lines.add(page.path().toString());
    return lines;
  }

  private void compare(RowsWriter writer) throws IOException {
    try (Rows here = new Rows(run, listed);
        Rows there = new Rows(other, listed)) {
      Optional<Explained> a = here.next();
      Optional<Explained> b = there.next();
      while (a.isPresent() || b.isPresent()) {
        int order = a.isEmpty() ? 1 : b.isEmpty() ? -1 : a.get().compareTo(b.get());
        if (order == 0) {
          compare(a.get(), b.get(), writer);
        }
        onlyHere += order < 0 ? 1 : 0;
        onlyThere += order > 0 ? 1 : 0;
        a = order <= 0 ? here.next() : a;
        b = order >= 0 ? there.next() : b;
      }
    }
  }

  private void compare(Explained a, Explained b, RowsWriter writer) throws IOException {
    ExplainedRow row = a.row;
    ExplainedRow that = b.row;
    boolean same = row.predicted() == that.predicted();
    boolean sameImage = a.sha256.equals(b.sha256);
    int label = row.label();
    String outcome =
        same
            ? "same"
            : label >= 0 && that.predicted() == label
                ? "fixed"
                : row.predicted() == label ? "broken" : "moved";
    Double correlation = null;
    Integer cell = null;
    Integer otherCell = null;
    if (sameGrid) {
      double found = correlation(row, that);
      correlation = Double.isNaN(found) ? null : (Double) found;
      cell = strongest(row);
      otherCell = strongest(that);
      maps += found < SAME_MAP ? 1 : 0;
      reasons += same && !cell.equals(otherCell) ? 1 : 0;
    }
    images++;
    changedImages += sameImage ? 0 : 1;
    predictions += same ? 0 : 1;
    fixed += outcome.equals("fixed") ? 1 : 0;
    broken += outcome.equals("broken") ? 1 : 0;
    String source = a.source == null ? null : a.source.source();
    writer.write(
        source,
        row.id(),
        that.id(),
        sameImage,
        label < 0 ? null : (Integer) label,
        row.predicted(),
        that.predicted(),
        row.probability(),
        that.probability(),
        outcome,
        correlation,
        cell,
        otherCell);
    double rank = (same ? 1 : -1) + (correlation == null ? 0 : correlation);
    if (!same || (correlation != null && correlation < SAME_MAP)) {
      shown.add(
          new Shown(
              rank,
              List.of(
                  Cell.of(source == null ? row.id() : source),
                  Cell.of(label < 0 ? "\u2013" : run.className(label)),
                  Cell.of(run.className(row.predicted())),
                  Cell.of(run.className(that.predicted())),
                  Cell.of(number(row.probability())),
                  Cell.of(number(that.probability())),
                  Cell.of(correlation == null ? "\u2013" : number(correlation)))));
      if (shown.size() > SHOWN) {
        shown.remove();
      }
    }
  }

  /**
   * Pearson's, over the cells of the maps of the class that this run predicts; where one has none
   * because it is flat, 1 for equal maps, else 0; NaN where the other table has no map of the
   * class.
   */
  private double correlation(ExplainedRow a, ExplainedRow b) {
    int cells = run.shape().cells();
    int from = a.predicted() * cells;
    float[] x = a.camLow();
    float[] y = b.camLow();
    double meanX = 0;
    double meanY = 0;
    for (int i = from; i < from + cells; i++) {
      meanX += x[i] / (double) cells;
      meanY += y[i] / (double) cells;
    }
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = from; i < from + cells; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    if (Double.isNaN(meanY)) {
      return Double.NaN;
    }
    if (xx == 0 || yy == 0) {
      return Arrays.equals(x, from, from + cells, y, from, from + cells) ? 1 : 0;
    }
    return xy / Math.sqrt(xx * yy);
  }

  private int strongest(ExplainedRow row) {
    int cells = run.shape().cells();
    float[] maps = row.camLow();
    int from = row.predicted() * cells;
    int strongest = 0;
    for (int cell = 1; cell < cells; cell++) {
      strongest = maps[from + cell] > maps[from + strongest] ? cell : strongest;
    }
    return strongest;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private List<Fact> facts() {
    String none = "not compared: maps of other sizes";
    return List.of(
        new Fact("images in both", count(images)),
        new Fact("only in " + run.manifest().runId(), count(onlyHere)),
        new Fact("only in " + other.manifest().runId(), count(onlyThere)),
        new Fact("other pixels under the same source", count(changedImages)),
        new Fact(
            "prediction changed",
            "%s (%s fixed, %s broken)".formatted(count(predictions), count(fixed), count(broken))),
        new Fact("map changed (correlation below " + SAME_MAP + ")", sameGrid ? count(maps) : none),
        new Fact("same prediction for another strongest cell", sameGrid ? count(reasons) : none));
  }

  private TablePage page() {
    List<Shown> rows = new ArrayList<>(shown);
    rows.sort(Comparator.comparing(Shown::rank));
    return new TablePage(
        run.manifest().runId() + " against " + other.manifest().runId(),
        "Images that are predicted otherwise, then those whose map for the class changed most; at"
            + " most "
            + SHOWN
            + ". All are in the table beside this page.",
        facts(),
        SHOWN_COLUMNS,
        rows.stream().map(Shown::cells).toList());
  }
}
