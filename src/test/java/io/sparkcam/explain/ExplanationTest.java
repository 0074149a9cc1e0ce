package io.sparkcam.explain;

import static com.holdenkarau.spark.testing.JavaRDDComparisons.compareRDDWithOrder;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.job.Explanation;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.run.PartFiles;
import io.sparkcam.table.PartFile;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SharedSpark
class ExplanationTest {
  private static final int COUNT = 200;

  @TempDir static Path temporary;
  private static IndexedImages images;
  private static Path table;
  private static PartFile whole;

  private final SparkSession spark;
  private final JavaSparkContext sc;

  ExplanationTest(SparkSession spark, JavaSparkContext sc) {
    this.spark = spark;
    this.sc = sc;
  }

  /** All images in one partition and one forward pass. */
  @BeforeAll
  static void explainAll(JavaSparkContext sc) throws IOException {
    images = new IndexedImages(sc, FashionExtract.storeTest(temporary));
    table = Files.createDirectory(temporary.resolve("whole"));
    whole = write(sc, images.blocks(0, COUNT, COUNT, 1), table, COUNT).get(0);
  }

  private static List<PartFile> write(
      JavaSparkContext sc, JavaRDD<ImageBlock> blocks, Path directory, int batch)
      throws IOException {
    try (BroadcastModel model =
        new BroadcastModel(sc, GoldenNetwork.MODEL, Engine.FAST, GoldenNetwork.parameters())) {
      return Explanation.write(
              sc,
              model.handle(),
              blocks,
              PartFiles.in(new org.apache.hadoop.fs.Path(directory.toString())),
              batch)
          .parts();
    }
  }

  /** The rows of some files, in their order. */
  private JavaRDD<Row> rows(Path directory, List<PartFile> files) {
    return spark
        .read()
        .parquet(
            files.stream().map(f -> directory.resolve(f.name()).toString()).toArray(String[]::new))
        .orderBy("id")
        .javaRDD();
  }

  private static void assertInOrder(List<PartFile> files) {
    long next = 0;
    for (PartFile file : files) {
      assertEquals(next, file.firstId());
      next = file.lastId() + 1;
      assertEquals(next - file.firstId(), file.rows());
    }
    assertEquals(COUNT, next);
  }

  /** To the last bit, as all of it is computed image by image. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void partitionsDoNotChangeExplanations(int partitions) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("partitions-" + partitions));
    List<PartFile> files = write(sc, images.blocks(0, COUNT, 20, partitions), directory, 20);
    assertEquals(partitions, files.size());
    assertInOrder(files);
    assertTrue(compareRDDWithOrder(rows(table, List.of(whole)), rows(directory, files)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64})
  void batchesDoNotChangeTheFile(int batch) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("batch-" + batch));
    List<PartFile> files = write(sc, images.blocks(0, COUNT, 90, 1), directory, batch);
    assertEquals(whole.sha256(), files.get(0).sha256());
  }

  @Test
  void sparkReadsEveryIdOnce() {
    List<Row> found = spark.read().parquet(table.toString()).collectAsList();
    assertEquals(
        LongStream.range(0, COUNT).boxed().toList(),
        found.stream().map(row -> row.<Long>getAs("id")).toList());
    for (Row row : found) {
      List<Float> probabilities = row.getList(row.fieldIndex("probabilities"));
      assertEquals(1, probabilities.stream().mapToDouble(p -> p).sum(), 1e-5);
      assertEquals(
          probabilities.get(row.<Integer>getAs("predicted")), row.<Float>getAs("probability"));
      assertTrue(row.<Float>getAs("audit_error") <= 1e-4);
      assertEquals(1152, row.getList(row.fieldIndex("features")).size());
      assertEquals(90, row.getList(row.fieldIndex("cam_low")).size());
      assertEquals(784, row.getList(row.fieldIndex("cam")).size());
    }
  }

  @Test
  void duckDbReadsTheSame() throws Exception {
    String labelled = "label = " + FashionExtract.test().labels()[0];
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duck.createStatement();
        ResultSet read =
            statement.executeQuery(
                """
                select count(*), count(distinct id), min(id), max(id), max(audit_error),
                  max(abs(list_sum(probabilities) - 1)), avg((label = predicted)::int),
                  bool_and(cam_min = list_min(cam) and cam_max = list_max(cam)),
                  count(*) filter (id = 0 and %s)
                from read_parquet('%s/*.parquet')\
                """
                    .formatted(labelled, table))) {
      assertTrue(read.next());
      assertEquals(COUNT, read.getLong(1));
      assertEquals(COUNT, read.getLong(2));
      assertEquals(0, read.getLong(3));
      assertEquals(COUNT - 1, read.getLong(4));
      assertTrue(read.getFloat(5) <= 1e-4);
      assertTrue(read.getDouble(6) <= 1e-5);
      assertTrue(read.getDouble(7) > 0.85);
      assertTrue(read.getBoolean(8));
      assertEquals(1, read.getLong(9));
    }
  }

  /** Gives one block, then fails: at the first attempt at partition 1. */
  private static Iterator<ImageBlock> failingOnce(Iterator<ImageBlock> blocks) {
    TaskContext task = TaskContext.get();
    boolean fails = task.attemptNumber() == 0 && task.partitionId() == 1;
    return new Iterator<>() {
      private int given;

      @Override
      public boolean hasNext() {
        return blocks.hasNext();
      }

      @Override
      public ImageBlock next() {
        if (fails && given++ > 0) {
          throw new IllegalStateException("this attempt fails");
        }
        return blocks.next();
      }
    };
  }

  @Test
  void aFailedAttemptLeavesNoRow() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("retried"));
    JavaRDD<ImageBlock> blocks =
        images.blocks(0, COUNT, 20, 3).mapPartitions(ExplanationTest::failingOnce);
    List<PartFile> files = write(sc, blocks, directory, 20);
    assertInOrder(files);
    assertTrue(compareRDDWithOrder(rows(table, List.of(whole)), rows(directory, files)).isEmpty());
  }

  @Test
  void imagesOfAnotherSizeAreRefused() throws IOException {
    GapCnn larger = GapCnn.lab(32, 32, 1, 10);
    Path directory = Files.createDirectory(temporary.resolve("refused"));
    try (BroadcastModel model =
        new BroadcastModel(sc, larger, Engine.FAST, GoldenNetwork.parameters())) {
      SparkException refused =
          assertThrows(
              SparkException.class,
              () ->
                  Explanation.write(
                      sc,
                      model.handle(),
                      images.blocks(0, 20, 20, 1),
                      PartFiles.in(new org.apache.hadoop.fs.Path(directory.toString())),
                      20));
      assertTrue(
          refused.getMessage().contains("images of (1, 28, 28), expected (1, 32, 32)"),
          refused.getMessage());
    }
  }
}
