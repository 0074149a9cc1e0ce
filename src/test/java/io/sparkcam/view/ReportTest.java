package io.sparkcam.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.job.SmallRuns;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.picture.PredictionLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the report of a run says, against the run's rows as Spark reads them. */
@SharedSpark
class ReportTest {
  private static Path run;
  private static String page;

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void aRun(SparkSession spark) throws IOException {
    run = SmallRuns.first(spark);
    page = Files.readString(run.resolve("report/index.html"));
    spark
        .read()
        .parquet(run.resolve("explanations").toString())
        .createOrReplaceTempView("reported");
  }

  private static List<Row> rows(SparkSession spark, String query) {
    return spark.sql(query).collectAsList();
  }

  private int report(Path published, String... more) {
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), 0);
    Stream<String> command = Stream.of("report", published.toString());
    return SparkCam.of(SparkCommandActions::new, console)
        .execute(Stream.concat(command, Stream.of(more)).toArray(String[]::new));
  }

  private static List<String> found(String regex) {
    return Pattern.compile(regex).matcher(page).results().map(MatchResult::group).toList();
  }

  @Test
  void accuracyIsTheRowsAccuracy(SparkSession spark) {
    Row counts = rows(spark, "SELECT count_if(label = predicted), count(*) FROM reported").get(0);
    String expected =
        String.format(
            Locale.ROOT,
            "<b>%.4f</b> <span>%d of %d</span>",
            (double) counts.getLong(0) / counts.getLong(1),
            counts.getLong(0),
            counts.getLong(1));
    assertTrue(page.contains(expected), expected);
  }

  @Test
  void everyPairsCountIsInTheMatrixAndLeadsToItsExamples(SparkSession spark) {
    List<Row> pairs =
        rows(spark, "SELECT label, predicted, count(*) FROM reported GROUP BY label, predicted");
    for (Row pair : pairs) {
      int label = pair.getInt(0);
      int predicted = pair.getInt(1);
      String anchor = label == predicted ? "class-" + label : "pair-" + label + "-" + predicted;
      assertEquals(
          List.of(Long.toString(pair.getLong(2))),
          found("(?<=<a href=\"#%s\" title=\"[^\"]{0,99}\">)\\d+".formatted(anchor)),
          anchor);
      assertEquals(1, found(" id=\"" + anchor + "\"").size(), anchor);
    }
    assertEquals(pairs.size(), found("<td class=\"(hit|miss)").size());
  }

  @Test
  void mistakesAreTheMostConfidentAndHitsTheLeast(SparkSession spark) {
    String first = "SELECT id, probability FROM reported WHERE label %s predicted ORDER BY %s, id";
    assertEquals(cards(rows(spark, first.formatted("<>", "probability DESC"))), shown("mistakes"));
    assertEquals(cards(rows(spark, first.formatted("=", "probability"))), shown("doubtful"));
  }

  private static List<String> cards(List<Row> rows) {
    return rows.stream()
        .limit(12)
        .map(
            row ->
                "<span>%s</span> <span class=\"id\">image %d</span>"
                    .formatted(PredictionLine.decimal(row.getFloat(1)), row.getLong(0)))
        .toList();
  }

  private static List<String> shown(String section) {
    int from = page.indexOf("<section id=\"" + section + "\"");
    String part = page.substring(from, page.indexOf("</section>", from));
    return Pattern.compile("<span>[0-9.e-]+</span> <span class=\"id\">image \\d+</span>")
        .matcher(part)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  @Test
  void theGalleryOfAClassIsTheFirstPredictedAsIt(SparkSession spark) {
    for (Row group :
        rows(
            spark,
            "SELECT predicted, slice(sort_array(collect_list(id)), 1, 8) FROM reported"
                + " GROUP BY predicted")) {
      int from = page.indexOf("id=\"class-" + group.getInt(0) + "\"");
      String part = page.substring(from, page.indexOf("</article>", from));
      List<Long> ids =
          Pattern.compile("(?<=class=\"id\">image )\\d+")
              .matcher(part)
              .results()
              .map(match -> Long.valueOf(match.group()))
              .toList();
      assertEquals(group.<Long>getList(1), ids);
    }
  }

  @Test
  void everyEpochIsInTheTable() throws IOException {
    assertEquals(
        Files.readAllLines(run.resolve("history.jsonl")).size(),
        found("<tr><th scope=\"row\">\\d+</th>").size());
  }

  @Test
  void nothingIsLoadedAndThePageIsSmall() {
    assertEquals(List.of(), found("(src|href)=\"(?!data:|#)[^\"]*\""));
    assertTrue(page.length() < 2_000_000, "characters: " + page.length());
  }

  /** Only a published run knows when it was. */
  @Test
  void theCommandWritesTheSameBesideTheRun() throws IOException {
    Path file = directory.resolve("a.html");
    assertEquals(0, report(run, "--file", file.toString()), err::toString);
    assertEquals(file + "\n", out.toString());
    String dated = Files.readString(file);
    assertEquals(page, dated.replaceFirst("(?s)<div><dt>Published.*?</div>\n", ""));
    assertTrue(dated.contains("<dt>Published</dt>"));
  }

  @Test
  void unlessSaidOtherwiseItStandsBesideTheRun() throws IOException {
    assertEquals(0, report(run), err::toString);
    Path file = run.resolveSibling("first-report.html");
    assertEquals(file + "\n", out.toString());
    Files.delete(file);
  }

  @Test
  void theRunItselfIsLeftAlone() {
    Path inside = run.resolve("report/again.html");
    assertEquals(2, report(run, "--file", inside.toString()));
    assertEquals(
        "sparkcam: --file: "
            + inside
            + " lies inside the run, whose files must not change; choose another place\n",
        err.toString());
  }

  @Test
  void aGivenModelHasNoCurves(JavaSparkContext sc) throws Exception {
    Path explained = ExtractRun.published(sc);
    String explanation = Files.readString(explained.resolve("report/index.html"));
    assertTrue(explanation.contains("The model was given, not trained in this run"));
    assertFalse(explanation.contains("<svg"));
  }
}
