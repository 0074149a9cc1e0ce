package io.sparkcam.aggregate;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.aggregate.QueryTable.Explained;
import io.sparkcam.job.SmallRuns;
import io.sparkcam.run.ListedFile;
import io.sparkcam.run.Manifest;
import io.sparkcam.testing.SharedSpark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a run of the whole job left under {@code aggregates/}, against plain loops over its table.
 */
@SharedSpark
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AggregatesTest {
  /**
   * Of values up to about 1000: the half unit in the last place that rounding to float may be off,
   * and the rounding of the plain sums, which is far less.
   */
  private static final double RELATIVE = 1e-7;

  private SparkSession spark;
  private Path run;
  private QueryTable table;

  @BeforeAll
  void readTheTable(SparkSession shared) throws IOException {
    spark = shared;
    run = SmallRuns.first(shared);
    table = QueryTable.read(shared, run);
  }

  private List<Row> rows(String file) {
    return spark.read().parquet(run.resolve(file).toString()).collectAsList();
  }

  @Test
  void manifestListsThem() throws IOException {
    Manifest manifest =
        Manifest.read(new org.apache.hadoop.fs.Path(run.toUri()), new Configuration());
    List<String> names = manifest.files().stream().map(ListedFile::name).toList();
    assertTrue(
        names.containsAll(List.of(Aggregates.CLASSES, Aggregates.PAIRS, Aggregates.QUANTILES)),
        names::toString);
  }

  @Test
  void classesHaveTheirMeansAndVariances() {
    Map<Integer, List<Explained>> expected = table.byClass();
    List<Row> found = rows(Aggregates.CLASSES);
    assertEquals(List.copyOf(expected.keySet()), found.stream().map(row -> row.getInt(0)).toList());
    for (Row row : found) {
      List<Explained> images = expected.get(row.getInt(0));
      assertEquals(images.size(), row.getLong(1));
      assertEquals(images.stream().filter(Explained::hit).count(), row.getLong(2));
      assertClose(QueryTable.mean(images), row.getList(row.fieldIndex("cam_mean")));
      assertClose(QueryTable.variance(images), row.getList(row.fieldIndex("cam_variance")));
    }
  }

  @Test
  void pairsHaveTheirMeans() {
    Map<Integer, List<Explained>> expected = table.zoomed().byPair();
    List<Row> found = rows(Aggregates.PAIRS);
    assertEquals(
        List.copyOf(expected.keySet()),
        found.stream().map(row -> 100 * row.getInt(0) + row.getInt(1)).toList());
    for (Row row : found) {
      List<Explained> images = expected.get(100 * row.getInt(0) + row.getInt(1));
      assertEquals(images.size(), row.getLong(2));
      assertClose(QueryTable.mean(images), row.getList(row.fieldIndex("cam_mean")));
    }
  }

  @Test
  void aTableWithoutItsLargeColumnsHasTheSameAggregates() throws IOException {
    Path whole = SmallRuns.second(spark);
    Path small = SmallRuns.withoutLargeColumns(spark);
    List<String> columns =
        List.of(spark.read().parquet(small.resolve("explanations").toString()).columns());
    assertFalse(columns.contains("cam") || columns.contains("features"), columns::toString);
    for (String file : List.of(Aggregates.CLASSES, Aggregates.PAIRS, Aggregates.QUANTILES)) {
      assertEquals(-1, Files.mismatch(whole.resolve(file), small.resolve(file)), file);
    }
  }

  private static void assertClose(double[] expected, List<Float> found) {
    assertEquals(expected.length, found.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          expected[i], found.get(i), RELATIVE * Math.max(1, Math.abs(expected[i])), "value " + i);
    }
  }

  /** The mean over a map's cells is its logit less the bias, so it is for means of both. */
  @Test
  void meanMapsAddUpToTheMeanLogits() {
    List<Row> logits =
        spark
            .read()
            .parquet(run.resolve("explanations").toString())
            .groupBy("predicted")
            .agg(functions.expr("avg(logits[3])"))
            .orderBy("predicted")
            .collectAsList();
    List<Row> classes = rows(Aggregates.CLASSES);
    double[] biases = new double[classes.size()];
    for (int i = 0; i < biases.length; i++) {
      List<Float> maps = classes.get(i).getList(classes.get(i).fieldIndex("cam_low_mean"));
      double ofMap = maps.subList(27, 36).stream().mapToDouble(Float::doubleValue).sum() / 9;
      biases[i] = logits.get(i).getDouble(1) - ofMap;
      // The audit error that a sound run may have.
      assertEquals(biases[0], biases[i], 1e-4, "bias of class 3 by images of row " + i);
    }
  }

  @Test
  void quantilesAreValuesOfTheTable() {
    double[] values = table.sortedValues();
    Iterator<Double> wanted = Quantiles.WANTED.iterator();
    for (Row row : rows(Aggregates.QUANTILES)) {
      double quantile = wanted.next();
      assertEquals(quantile, row.getDouble(0));
      assertEquals(QueryTable.atRank(values, quantile), row.getFloat(1));
    }
  }

  @Test
  void duckDbAgreesOnTheQuantiles() throws Exception {
    String sql =
        "SELECT q.value, quantile_disc(v, %s) FROM '%s' q,"
            + " (SELECT unnest(cam) AS v FROM '%s/explanations/*.parquet') WHERE q.quantile = %s"
            + " GROUP BY q.value";
    try (var duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement()) {
      for (double quantile : List.of(0.01, 0.5, 0.999)) {
        try (var found =
            statement.executeQuery(
                sql.formatted(quantile, run.resolve(Aggregates.QUANTILES), run, quantile))) {
          assertTrue(found.next());
          assertEquals(found.getFloat(2), found.getFloat(1));
        }
      }
    }
  }

  /** Parquet lists them in the order of a hash set, which is another one in another process. */
  @Test
  void encodingsAreListedInOneOrder() throws IOException {
    for (String file : List.of(Aggregates.CLASSES, Aggregates.PAIRS, Aggregates.QUANTILES)) {
      byte[] bytes = Files.readAllBytes(run.resolve(file));
      int length = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).getInt(bytes.length - 8);
      FileMetaData footer =
          Util.readFileMetaData(new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
      for (ColumnChunk column : footer.getRow_groups().get(0).getColumns()) {
        List<Encoding> encodings = column.getMeta_data().getEncodings();
        assertTrue(encodings.size() > 1, encodings::toString);
        assertEquals(encodings.stream().sorted().toList(), encodings);
      }
    }
  }

  @Test
  void arraysSayHowTheyAreLaidOut() {
    var described =
        spark
            .read()
            .parquet(run.resolve(Aggregates.CLASSES).toString())
            .schema()
            .apply("cam_low_variance")
            .metadata();
    assertArrayEquals(new long[] {10, 3, 3}, described.getLongArray("shape"));
    assertEquals("class,y,x", described.getString("layout"));
    assertEquals("variance of cam_low over the images", described.getString("comment"));
  }
}
