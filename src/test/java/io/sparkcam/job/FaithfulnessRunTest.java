package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.aggregate.RunAggregates;
import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.terminal.FaithfulnessTable;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.ExtractRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The job with {@code --faithfulness}, on the first 90 images of the extract. */
@SharedSpark
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaithfulnessRunTest {
  @TempDir static Path output;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path run;

  @BeforeAll
  void explain(JavaSparkContext sc) throws Exception {
    run = explained(sc, "measured", "3");
  }

  private Path explained(JavaSparkContext sc, String name, String partitions) throws Exception {
    assertEquals(
        0,
        sparkcam(
            "explain",
            "--model",
            ExtractRun.published(sc).toString(),
            "--data",
            ExtractRun.DATA,
            "--output",
            output.toString(),
            "--run-id",
            name,
            "--test-limit",
            "90",
            "--partitions",
            partitions,
            "--faithfulness",
            "--shapley",
            "--faithfulness-sample",
            "20"),
        err::toString);
    return output.resolve(name);
  }

  private int sparkcam(String... arguments) {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), 0);
    return SparkCam.of(SparkCommandActions::new, console).execute(arguments);
  }

  private List<RunAggregates.OfMap> maps() throws IOException {
    return RunAggregates.maps(new org.apache.hadoop.fs.Path(run.toString()), new Configuration());
  }

  @Test
  void meansAreThoseOfTheRows(SparkSession spark) throws IOException {
    List<Row> rows = spark.read().parquet(run.resolve("explanations").toString()).collectAsList();
    List<RunAggregates.OfMap> expected = new ArrayList<>();
    for (String map : List.of("cam", "random", "centred")) {
      String suffix = map.equals("cam") ? "" : "_" + map;
      double drop = 0;
      double increase = 0;
      double insertion = 0;
      double deletion = 0;
      double road = 0;
      int sampled = 0;
      for (Row row : rows) {
        double whole = row.<Float>getAs("probability");
        double masked = row.<Float>getAs("masked_probability" + suffix);
        drop += Math.max(0, whole - masked) / whole;
        increase += masked > whole ? 1 : 0;
        Float area = row.getAs("insertion_auc" + suffix);
        if (area != null) {
          sampled++;
          insertion += area;
          deletion += row.<Float>getAs("deletion_auc" + suffix);
          road += row.<Float>getAs("road_auc" + suffix);
        }
      }
      expected.add(
          new RunAggregates.OfMap(
              map,
              rows.size(),
              drop / rows.size(),
              increase / rows.size(),
              sampled,
              insertion / sampled,
              deletion / sampled,
              road / sampled));
    }
    List<RunAggregates.OfMap> found = maps();
    assertEquals(3, found.size());
    for (int i = 0; i < 3; i++) {
      assertEquals(expected.get(i).map(), found.get(i).map());
      assertEquals(90, found.get(i).images());
      assertEquals(20, found.get(i).sampled());
      // Sums of at most 90 shares in another order.
      assertEquals(expected.get(i).averageDrop(), found.get(i).averageDrop(), 1e-14);
      assertEquals(expected.get(i).increase(), found.get(i).increase(), 1e-14);
      assertEquals(expected.get(i).insertionArea(), found.get(i).insertionArea(), 1e-14);
      assertEquals(expected.get(i).deletionArea(), found.get(i).deletionArea(), 1e-14);
      assertEquals(expected.get(i).roadArea(), found.get(i).roadArea(), 1e-14);
    }
  }

  /** Areas by trapezoids over the 10 points, from the columns alone. */
  @Test
  void shapleyValuesAddUpAndRankCellsBest(SparkSession spark) throws IOException {
    List<RunAggregates.OfBias> biases =
        RunAggregates.biases(new org.apache.hadoop.fs.Path(run.toString()), new Configuration());
    assertEquals(10, biases.size());
    double insertion = 0;
    double deletion = 0;
    for (Row row : spark.read().parquet(run.resolve("explanations").toString()).collectAsList()) {
      double sum = row.<Float>getList(row.fieldIndex("shapley")).stream().mapToDouble(v -> v).sum();
      float base = biases.get(row.<Integer>getAs("predicted")).probability();
      double tolerance = 1e-6 + row.<Float>getAs("audit_error") / 2;
      assertEquals(row.<Float>getAs("probability") - base, sum, tolerance);
      insertion += row.<Float>getAs("cell_insertion_auc_shapley");
      deletion += row.<Float>getAs("cell_deletion_auc_shapley");
    }
    List<RunAggregates.OfRanking> rankings =
        RunAggregates.rankings(new org.apache.hadoop.fs.Path(run.toString()), new Configuration());
    RunAggregates.OfRanking shapley = rankings.get(1);
    assertEquals(
        new RunAggregates.OfRanking("shapley", 90, shapley.insertionArea(), shapley.deletionArea()),
        shapley);
    assertEquals(insertion / 90, shapley.insertionArea(), 1e-14);
    assertEquals(deletion / 90, shapley.deletionArea(), 1e-14);
    for (RunAggregates.OfRanking other : rankings) {
      assertTrue(other.insertionArea() <= shapley.insertionArea(), other::toString);
      assertTrue(other.deletionArea() >= shapley.deletionArea(), other::toString);
    }
  }

  @Test
  void partitionsDoNotChangeTheSummary(JavaSparkContext sc) throws Exception {
    String summary = "aggregates/faithfulness.parquet";
    assertEquals(
        -1, Files.mismatch(run.resolve(summary), explained(sc, "again", "1").resolve(summary)));
  }

  @Test
  void theTableIsPrintedAndReported() throws IOException {
    String printed = FaithfulnessTable.text(maps());
    assertEquals(4, printed.lines().count());
    assertTrue(
        printed.startsWith(
            "map     images average_drop increase sampled insertion_auc deletion_auc road_auc\n"),
        printed);
    assertTrue(out.toString().contains(printed), out::toString);
    String page = Files.readString(run.resolve("report/index.html"));
    assertTrue(page.contains("<a href=\"#faithfulness\">"));
    assertTrue(page.contains("<th scope=\"row\">centred</th>"));
    assertTrue(page.contains("<th scope=\"row\">shapley</th>"));
    assertTrue(page.contains("<figcaption>Shapley values"));
  }

  @Test
  void theRunIsSoundAndCanBeShown() {
    assertEquals(0, sparkcam("verify", run.toString()), err::toString);
    assertTrue(out.toString().contains("faithfulness        90 examined"), out::toString);
    assertTrue(out.toString().contains("shapley             90 examined"), out::toString);
    assertEquals(
        0,
        sparkcam(
            "show-cam",
            run.toString(),
            "--index",
            "3",
            "--format",
            "text",
            "--data",
            ExtractRun.DATA),
        err::toString);
  }

  @Test
  void otherRunsHaveNoneOfIt(JavaSparkContext sc) throws Exception {
    Path other = ExtractRun.published(sc);
    assertFalse(Files.exists(other.resolve("aggregates/faithfulness.parquet")));
    assertFalse(Files.readString(other.resolve("report/index.html")).contains("#faithfulness"));
  }
}
