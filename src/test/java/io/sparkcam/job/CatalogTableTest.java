package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.run.Manifest;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.ExtractRun;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as rows of tables: Iceberg on a Hadoop catalog, and Spark's own. */
@SharedSpark
@Tag("localisation")
class CatalogTableTest {
  private static final String COUNTS =
      "SELECT run_id, count(*), sum(id) FROM ice.lab.runs %s GROUP BY run_id ORDER BY run_id";

  @TempDir Path temporary;
  private final SparkSession spark;
  private final JavaSparkContext sc;
  private final StringWriter err = new StringWriter();

  CatalogTableTest(SparkSession spark, JavaSparkContext sc) {
    this.spark = spark;
    this.sc = sc;
  }

  @BeforeEach
  void catalogs() {
    spark.conf().set("spark.sql.catalog.ice", "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set("spark.sql.catalog.ice.type", "hadoop");
    spark.conf().set("spark.sql.catalog.ice.warehouse", temporary.resolve("ice").toString());
    spark.conf().set("spark.sql.catalog.lost", "no.such.Catalog");
  }

  private int explain(String output, String name, String limit, String... more) throws Exception {
    Console console =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(err, true), 0);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "explain",
                "--model=" + ExtractRun.published(sc),
                "--data=" + ExtractRun.DATA,
                "--output=" + temporary.resolve(output),
                "--run-id=" + name,
                "--test-limit=" + limit));
    arguments.addAll(List.of(more));
    return SparkCam.of(SparkCommandActions::new, console).execute(arguments.toArray(new String[0]));
  }

  private List<String> counts(String when) {
    return spark.sql(COUNTS.formatted(when)).collectAsList().stream().map(Row::toString).toList();
  }

  @Test
  void icebergHasEachRunInOneCommitAndTheRunBefore() throws Exception {
    String table = "--table=ice.lab.runs";
    assertEquals(0, explain("out", "a", "20", table, "--with-images"), err::toString);
    assertEquals(0, explain("out", "b", "30", table, "--with-images"), err::toString);
    assertEquals(0, explain("other", "a", "10", table, "--with-images"), err::toString);
    assertEquals(List.of("[a,10,45]", "[b,30,435]"), counts(""));
    List<Row> snapshots =
        spark
            .sql("SELECT snapshot_id, summary FROM ice.lab.runs.snapshots ORDER BY committed_at")
            .collectAsList();
    assertEquals(3, snapshots.size());
    assertEquals(
        List.of("[a,20,190]", "[b,30,435]"),
        counts("VERSION AS OF " + snapshots.get(1).getLong(0)));
    assertEquals(List.of("[a,20,190]"), counts("VERSION AS OF " + snapshots.get(0).getLong(0)));
    Manifest manifest =
        Manifest.read(
            new org.apache.hadoop.fs.Path(temporary.resolve("out/b").toString()),
            new Configuration());
    var summary = snapshots.get(1).<String, String>getJavaMap(1);
    assertEquals("b", summary.get("sparkcam.run-id"));
    assertEquals(manifest.origin().modelSha256(), summary.get("sparkcam.model-sha256"));
    var input = manifest.origin().inputs().get(0);
    assertEquals(input.sha256(), summary.get("sparkcam.data-sha256." + input.name()));

    String files = temporary.resolve("out/b/explanations").toString();
    assertEquals(
        0,
        spark
            .read()
            .parquet(files)
            .exceptAll(spark.table("ice.lab.runs").where("run_id = 'b'").drop("run_id", "image"))
            .count());
    Row last = spark.sql("SELECT image FROM ice.lab.runs WHERE run_id = 'b' AND id = 29").first();
    var png = ImageIO.read(new ByteArrayInputStream(last.<byte[]>getAs(0))).getRaster();
    int[] expected = new int[784];
    byte[] pixels = FashionExtract.test().pixels();
    for (int i = 0; i < 784; i++) {
      expected[i] = pixels[29 * 784 + i] & 0xff;
    }
    assertArrayEquals(expected, png.getPixels(0, 0, 28, 28, (int[]) null));
  }

  @Test
  void sparksOwnTableTakesEachRunOnce() throws Exception {
    spark.sql("CREATE DATABASE lab LOCATION '" + temporary.resolve("plain") + "'");
    try {
      String table = "--table=spark_catalog.lab.runs";
      assertEquals(0, explain("out", "a", "20", table), err::toString);
      assertEquals(0, explain("out", "b", "10", table), err::toString);
      assertEquals(1, explain("other", "a", "10", table));
      assertTrue(
          err.toString()
              .contains(
                  "--table spark_catalog.lab.runs: it has run a already, and is no table whose"
                      + " runs can be replaced"),
          err::toString);
      assertEquals(30, spark.table("lab.runs").count());
    } finally {
      spark.sql("DROP DATABASE lab CASCADE");
    }
  }

  @Test
  void catalogsThatAreMissingAreSaidBeforeAnythingIsComputed() throws Exception {
    assertEquals(1, explain("out", "a", "5", "--table=lost.lab.runs"));
    assertEquals(1, explain("out", "a", "5", "--table=nowhere.lab.runs"));
    assertEquals(
        List.of(
            "sparkcam: --table lost.lab.runs: spark.sql.catalog.lost is no.such.Catalog, which"
                + " Spark cannot load; for Iceberg: --packages"
                + " org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.9.2",
            "sparkcam: --table nowhere.lab.runs: no catalog nowhere: expected --conf"
                + " spark.sql.catalog.nowhere=..., for Iceberg"
                + " org.apache.iceberg.spark.SparkCatalog and --packages"
                + " org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.9.2"),
        err.toString().lines().toList());
    assertTrue(Files.notExists(temporary.resolve("out/a")));
  }
}
