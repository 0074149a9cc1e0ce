package io.sparkcam.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.job.SmallRuns;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code diff} and {@code drift} of two runs on the same IDX images, against Spark SQL. */
@SharedSpark
class RunComparisonTest {
  @TempDir Path directory;
  private final SparkSession spark;
  private final Path first;
  private final Path second;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  RunComparisonTest(SparkSession spark) throws IOException {
    this.spark = spark;
    first = SmallRuns.first(spark);
    second = SmallRuns.second(spark);
    table(first).createOrReplaceTempView("a");
    table(second).createOrReplaceTempView("b");
  }

  private Dataset<Row> table(Path run) {
    return spark.read().parquet(run.resolve("explanations").toString());
  }

  private int sparkcam(Object... arguments) {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), 0);
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    return SparkCam.of(SparkCommandActions::new, console).execute(words);
  }

  @Test
  void differencesAreThoseOfAJoin() throws IOException {
    Path page = directory.resolve("page.html");
    assertEquals(0, sparkcam("diff", first, second, "--file", page), err::toString);
    spark.read().parquet(directory.resolve("page.parquet").toString()).createOrReplaceTempView("d");
    Row wrong =
        spark
            .sql(
                """
                WITH maps AS (
                  SELECT a.id, a.predicted, b.predicted AS other, a.label,
                    slice(a.cam_low, a.predicted * 9 + 1, 9) AS x,
                    slice(b.cam_low, a.predicted * 9 + 1, 9) AS y,
                    slice(b.cam_low, b.predicted * 9 + 1, 9) AS z
                  FROM a JOIN b ON a.id = b.id
                ), expected AS (
                  SELECT id, first(predicted) AS predicted, first(other) AS other,
                    first(array_position(x, array_max(x)) - 1) AS cell,
                    first(array_position(z, array_max(z)) - 1) AS other_cell,
                    corr(pair.x, pair.y) AS correlation, first(label) AS label
                  FROM (SELECT *, explode(arrays_zip(x, y)) AS pair FROM maps) GROUP BY id
                )
                SELECT count(*), count_if(d.predicted <> e.predicted OR d.other_predicted <> e.other),
                  max(abs(d.map_correlation - e.correlation)),
                  count_if(d.strongest_cell <> e.cell OR d.other_strongest_cell <> e.other_cell),
                  count_if(e.predicted <> e.other),
                  count_if(e.predicted <> e.other AND e.other = e.label),
                  count_if(e.predicted <> e.other AND e.predicted = e.label),
                  count_if(e.correlation < 0.9),
                  count_if(e.predicted = e.other AND e.cell <> e.other_cell)
                FROM expected e JOIN d ON d.id = e.id AND d.other_id = e.id""")
            .first();
    assertEquals(List.of(200L, 0L, 0L), List.of(wrong.get(0), wrong.get(1), wrong.get(3)));
    assertTrue(wrong.getDouble(2) < 1e-9, wrong::toString);
    assertTrue(wrong.getLong(5) > 0 && wrong.getLong(6) > 0, wrong::toString);
    assertEquals(
        List.of(
            "images in both: 200",
            "only in first: 0",
            "only in second: 0",
            "other pixels under the same source: 0",
            "prediction changed: %s (%s fixed, %s broken)"
                .formatted(wrong.get(4), wrong.get(5), wrong.get(6)),
            "map changed (correlation below 0.9): " + wrong.get(7),
            "same prediction for another strongest cell: " + wrong.get(8)),
        out.toString().lines().limit(7).toList());
    String html = Files.readString(page);
    long rows = html.lines().filter(line -> line.startsWith("<tr><td>")).count();
    assertTrue(rows >= wrong.getLong(4) && rows <= 200, rows + " rows");
  }

  @Test
  void allRunsAreListed() throws IOException {
    Path page = directory.resolve("all.html");
    Path output = first.getParent();
    assertEquals(0, sparkcam("report", "--all", "--output", output, "--file", page), err::toString);
    String html = Files.readString(page);
    for (Path run : List.of(first, second)) {
      String name = run.getFileName().toString();
      assertTrue(
          html.contains("<a href=\"" + name + "/report/index.html\">" + name + "</a>"), html);
    }
    try (Stream<Path> runs = Files.list(output)) {
      assertEquals(runs.count(), html.split("<tr><td>", -1).length - 1);
    }
  }

  @Test
  void driftIsMeasuredInDeviationsOfTheReference() {
    assertEquals(0, sparkcam("drift", first, "--reference", first), err::toString);
    out.getBuffer().setLength(0);
    assertEquals(1, sparkcam("drift", first, "--reference", second));
    assertTrue(err.toString().contains(" of class T-shirt/top shifted by "), err::toString);
    String[] line =
        out.toString()
            .lines()
            .filter(found -> found.startsWith("Trouser"))
            .findFirst()
            .orElseThrow()
            .split(" +", -1);
    Row expected =
        spark
            .sql(
                """
                WITH m AS (SELECT cell,
                    avg(cam_low[9 + cell]) AS mean, stddev_pop(cam_low[9 + cell]) AS deviation
                  FROM a, (SELECT explode(sequence(0, 8)) AS cell) WHERE predicted = 1 GROUP BY cell)
                SELECT sqrt(avg(pow((a.mean - b.mean) / b.deviation, 2))),
                  (SELECT abs(avg(a.probability) - (SELECT avg(probability) FROM b WHERE predicted = 1))
                    / (SELECT stddev_pop(probability) FROM b WHERE predicted = 1)
                    FROM a WHERE predicted = 1)
                FROM m a JOIN (SELECT cell,
                    avg(cam_low[9 + cell]) AS mean, stddev_pop(cam_low[9 + cell]) AS deviation
                  FROM b, (SELECT explode(sequence(0, 8)) AS cell) WHERE predicted = 1 GROUP BY cell) b
                  ON a.cell = b.cell""")
            .first();
    assertEquals(expected.getDouble(0), Double.parseDouble(line[3]), 6e-4, "map");
    assertEquals("-", line[4], "features of different models");
    assertEquals(expected.getDouble(1), Double.parseDouble(line[6]), 6e-4, "probability");
  }
}
