package io.sparkcam.view;

import static org.apache.parquet.filter2.predicate.FilterApi.in;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;

import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.CellGroups;
import io.sparkcam.explain.Explainer;
import io.sparkcam.explain.ExplanationShape;
import io.sparkcam.table.CellColumns;
import io.sparkcam.table.ExplainedRow;
import io.sparkcam.table.RowReader;
import io.sparkcam.view.html.Epoch;
import io.sparkcam.view.html.HtmlReport;
import io.sparkcam.view.html.RunReport;
import io.sparkcam.view.picture.ClassMap;
import io.sparkcam.view.picture.ExplainedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.filter2.compat.FilterCompat;

/** The report of a run, gathered from its files and the images it explains, without Spark. */
public final class Report {
  /** Name of the file in a run. */
  public static final String NAME = "report/index.html";

  /** Shares of all values of all maps. */
  private static final double LOW = 0.01;

  private static final double HIGH = 0.99;

  private static final int MOST_REASONS = 80;

  private final PublishedRun run;
  private final TestImages images;
  private final String created;
  private final ExplanationShape shape;
  private final Zoom zoom;
  private final RunAggregates aggregates;
  private final ReportSelection highlights;
  private final ReportLimits portions;
  private final List<RunAggregates.OfReason> reasons;
  private final Map<Long, ExplainedRow> rows = new HashMap<>();
  private final Map<Long, float[]> shapley = new HashMap<>();

  private Report(PublishedRun run, TestImages images, String created) throws IOException {
    this.run = run;
    this.images = images;
    this.created = created;
    shape = run.shape();
    zoom = Explainer.zoom(shape);
    aggregates = RunAggregates.read(run.directory(), run.configuration());
    highlights = new ReportSelection(shape.classes());
    run.table().forEach(highlights);
    reasons = several(RunAggregates.reasons(run.directory(), run.configuration()));
    portions = ReportLimits.of(shape, highlights.largestPairs(Integer.MAX_VALUE).size());
    run.table().rows(shown()).forEach(row -> rows.put(row.id(), row));
    readShapley();
  }

  /** Writes the report of a run that is complete but for its manifest, which knows the time. */
  public static void writeUnpublished(PublishedRun run, TestImages images, OutputStream out)
      throws IOException {
    HtmlReport.write(new Report(run, images, "").content(), out);
  }

  /** Writes the report of a published run. */
  public static void write(PublishedRun run, TestImages images, OutputStream out)
      throws IOException {
    HtmlReport.write(new Report(run, images, run.manifest().created()).content(), out);
  }

  private Set<Long> shown() {
    Set<Long> ids = new TreeSet<>(highlights.mistakes());
    ids.addAll(highlights.doubtfulHits());
    reasons.forEach(part -> ids.addAll(part.exemplars()));
    for (int c = 0; c < shape.classes(); c++) {
      ids.addAll(highlights.ofClass(c, portions.ofClass()));
    }
    for (ReportSelection.Pair pair : highlights.largestPairs(portions.pairs())) {
      ids.addAll(highlights.ofPair(pair, portions.ofPair()));
    }
    return ids;
  }

  private RunReport content() throws IOException {
    List<RunReport.Mistake> mistakes = new ArrayList<>();
    for (long id : highlights.mistakes()) {
      mistakes.add(
          new RunReport.Mistake(
              explained(id), map(rows.get(id), rows.get(id).label()), shapley(id)));
    }
    return new RunReport(
        Provenance.of(run, created),
        images.classNames().names(),
        epochs(),
        run.manifest().metrics().getOrDefault("test_loss", Double.NaN),
        highlights.confusion(),
        mistakes,
        explained(highlights.doubtfulHits()),
        classes(),
        pairs(),
        highlights.audit(at(LOW), at(HIGH)),
        aggregates.maps().stream().map(Report::faithfulness).toList(),
        RunAggregates.rankings(run.directory(), run.configuration()).stream()
            .map(Report::ranking)
            .toList(),
        reasons(),
        RunAggregates.sanity(run.directory(), run.configuration()).stream()
            .map(
                step ->
                    new RunReport.Fact(
                        step.layers(), String.format(Locale.ROOT, "%.4f", step.correlation())))
            .toList(),
        RunAggregates.removals(run.directory(), run.configuration()).stream()
            .map(of -> new RunReport.Removal(of.map(), of.removed(), of.accuracy()))
            .toList(),
        sources());
  }

  private static RunReport.CellRanking ranking(RunAggregates.OfRanking ranking) {
    return new RunReport.CellRanking(
        ranking.ranking(), ranking.images(), ranking.insertionArea(), ranking.deletionArea());
  }

  private static RunReport.Faithfulness faithfulness(RunAggregates.OfMap map) {
    return new RunReport.Faithfulness(
        map.map(),
        map.averageDrop(),
        map.increase(),
        map.sampled(),
        map.insertionArea(),
        map.deletionArea(),
        map.roadArea());
  }

  private List<Epoch> epochs() throws IOException {
    boolean trained =
        run.manifest().files().stream().anyMatch(file -> file.name().equals(TrainingHistory.NAME));
    return trained ? TrainingHistory.read(run.directory(), run.configuration()) : List.of();
  }

  private double at(double share) {
    return aggregates.quantiles().stream()
        .filter(quantile -> quantile.share() >= share)
        .mapToDouble(RunAggregates.Quantile::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  private List<RunReport.OfClass> classes() throws IOException {
    List<RunReport.OfClass> classes = new ArrayList<>();
    for (RunAggregates.OfClass part : aggregates.classes()) {
      int number = part.predicted();
      classes.add(
          new RunReport.OfClass(
              number,
              part.images(),
              map(number, part.camMean()),
              map(number, part.camVariance()),
              explained(highlights.ofClass(number, portions.ofClass()))));
    }
    return classes;
  }

  /** What the images that are shown are called; nothing where they have no names. */
  private Map<Long, String> sources() throws IOException {
    Map<Long, String> sources = new HashMap<>();
    Set<Long> ids = rows.keySet();
    for (Path file : ids.isEmpty() ? List.<Path>of() : run.sources()) {
      RowReader.read(
          file,
          run.configuration(),
          FilterCompat.get(in(longColumn("id"), ids)),
          row -> {
            if (ids.contains(row.number("id"))) {
              sources.put(row.number("id"), row.string("source"));
            }
            return true;
          },
          "id",
          "source");
    }
    return sources;
  }

  private List<RunReport.OfReason> reasons() throws IOException {
    Map<Integer, Long> images = new HashMap<>();
    aggregates.classes().forEach(part -> images.put(part.predicted(), part.images()));
    boolean labelled = !aggregates.pairs().isEmpty();
    List<RunReport.OfReason> shownReasons = new ArrayList<>();
    for (RunAggregates.OfReason part : reasons) {
      float[] map = new float[shape.pixels()];
      zoom.zoom(part.camLowMean(), 0, map, 0);
      shownReasons.add(
          new RunReport.OfReason(
              part.predicted(),
              part.reason(),
              part.images(),
              images.get(part.predicted()),
              labelled ? part.hits() : -1,
              part.probability(),
              map(part.predicted(), map),
              explained(part.exemplars())));
    }
    return shownReasons;
  }

  /** Those of classes that have several, as many as there is room for. */
  private static List<RunAggregates.OfReason> several(List<RunAggregates.OfReason> all) {
    return all.stream()
        .filter(
            part ->
                all.stream()
                    .anyMatch(other -> other.predicted() == part.predicted() && other.reason() > 0))
        .limit(MOST_REASONS)
        .toList();
  }

  private List<RunReport.OfPair> pairs() throws IOException {
    Map<ReportSelection.Pair, RunAggregates.OfPair> means = new HashMap<>();
    for (RunAggregates.OfPair part : aggregates.pairs()) {
      means.put(new ReportSelection.Pair(part.label(), part.predicted()), part);
    }
    List<RunReport.OfPair> pairs = new ArrayList<>();
    for (ReportSelection.Pair pair : highlights.largestPairs(portions.pairs())) {
      int predicted = pair.predicted();
      RunAggregates.OfPair mistaken = means.get(pair);
      RunAggregates.OfPair right = means.get(new ReportSelection.Pair(predicted, predicted));
      pairs.add(
          new RunReport.OfPair(
              pair.label(),
              predicted,
              mistaken.images(),
              map(predicted, mistaken.camMean()),
              right == null ? List.of() : List.of(map(predicted, right.camMean())),
              explained(highlights.ofPair(pair, portions.ofPair()))));
    }
    return pairs;
  }

  private List<ExplainedImage> explained(List<Long> ids) throws IOException {
    List<ExplainedImage> explained = new ArrayList<>();
    for (long id : ids) {
      explained.add(explained(id));
    }
    return explained;
  }

  private ExplainedImage explained(long id) throws IOException {
    ExplainedRow row = rows.get(id);
    return new ExplainedImage(
        id,
        row.label(),
        row.predicted(),
        row.probability(),
        images.pixels(id),
        map(row, row.predicted()),
        List.of());
  }

  /** A map at image resolution, as the table's own of the predicted class. */
  private ClassMap map(ExplainedRow row, int number) {
    float[] map = new float[shape.pixels()];
    zoom.zoom(row.camLow(), number * shape.cells(), map, 0);
    return map(number, map);
  }

  /** Of the mistakes, if the table has them. */
  private void readShapley() throws IOException {
    if (run.entry().columns().stream().noneMatch(c -> c.name().equals(CellColumns.SHAPLEY))) {
      return;
    }
    run.table()
        .forEach(
            row -> {
              if (highlights.mistakes().contains(row.number("id"))) {
                shapley.put(row.number("id"), row.floats(CellColumns.SHAPLEY));
              }
              return true;
            },
            "id",
            CellColumns.SHAPLEY);
  }

  /** Each value as a rectangle of the image. */
  private List<ClassMap> shapley(long id) {
    if (!shapley.containsKey(id)) {
      return List.of();
    }
    CellGroups groups = CellGroups.of(shape);
    float[] values = new float[shape.pixels()];
    for (int i = 0; i < values.length; i++) {
      int row = i / shape.width() * groups.rows() / shape.height();
      int column = i % shape.width() * groups.columns() / shape.width();
      values[i] = shapley.get(id)[row * groups.columns() + column];
    }
    return List.of(map(rows.get(id).predicted(), values));
  }

  private ClassMap map(int number, float[] values) {
    return new ClassMap(number, shape.height(), shape.width(), values);
  }
}
