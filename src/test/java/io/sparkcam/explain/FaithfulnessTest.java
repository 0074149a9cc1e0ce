package io.sparkcam.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.SpooledImages;
import io.sparkcam.dataset.ImageBlock;
import io.sparkcam.network.Classifier;
import io.sparkcam.network.Engine;
import io.sparkcam.sink.Attempts;
import io.sparkcam.sink.ExplanationBatch;
import io.sparkcam.sink.MeasuredMap;
import io.sparkcam.sink.PartFile;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.Npy;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@SharedSpark
class FaithfulnessTest {
  private static final int COUNT = 200;
  private static final int SAMPLE = 60;
  private static final FaithfulnessPlan PLAN = new FaithfulnessPlan(COUNT, SAMPLE, 42);

  @TempDir static Path temporary;
  private static SpooledImages images;
  private static Path table;
  private static PartFile whole;

  private final SparkSession spark;
  private final JavaSparkContext sc;

  FaithfulnessTest(SparkSession spark, JavaSparkContext sc) {
    this.spark = spark;
    this.sc = sc;
  }

  /** All images in one partition, all that is asked about a batch in one forward pass. */
  @BeforeAll
  static void measureAll(JavaSparkContext sc) throws IOException {
    images = new SpooledImages(sc, FashionExtract.spoolTest(temporary.resolve("measured.spool")));
    table = Files.createDirectory(temporary.resolve("whole"));
    whole = write(sc, table, 1, COUNT, PLAN).get(0);
  }

  private static List<PartFile> write(
      JavaSparkContext sc, Path directory, int partitions, int batch, FaithfulnessPlan plan)
      throws IOException {
    try (BroadcastModel model =
        new BroadcastModel(sc, GoldenNetwork.MODEL, Engine.FAST, GoldenNetwork.parameters())) {
      return Explanation.write(
          sc,
          model.handle(),
          images.blocks(0, COUNT, 70, partitions),
          Attempts.in(new org.apache.hadoop.fs.Path(directory.toString())),
          batch,
          plan);
    }
  }

  /**
   * PyTorch and SciPy in double precision. Probabilities and their means are of single precision;
   * two pixels of almost the same strength may trade places, which changes little.
   */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void measuresAreTheReference(Engine engine) throws IOException {
    Map<String, Npy> reference = Npy.goldenArchive("faithfulness.npz");
    ExplanationBatch rows = measured(engine, 16);
    double masked =
        Distance.largest(reference.get("masked").floats(), of(rows.maskedProbabilities()));
    double insertion =
        Distance.largest(reference.get("insertion").floats(), of(rows.insertionAreas()));
    double deletion =
        Distance.largest(reference.get("deletion").floats(), of(rows.deletionAreas()));
    assertTrue(
        masked < 1e-4 && insertion < 1e-4 && deletion < 1e-4,
        masked + ", " + insertion + ", " + deletion);
    int[] peaks = new int[32];
    float[] expected = reference.get("peaks").floats();
    for (int i = 0; i < peaks.length; i++) {
      peaks[i] = (int) expected[i];
    }
    assertEquals(Arrays.toString(peaks), Arrays.toString(Arrays.copyOf(rows.peaks(), 32)));
  }

  private static float[] of(float[] values) {
    return Arrays.copyOf(values, 48);
  }

  private static ExplanationBatch measured(Engine engine, int batchSize) throws IOException {
    Classifier classifier = new Classifier(GoldenNetwork.MODEL, engine);
    float[] parameters = GoldenNetwork.parameters();
    classifier.load(parameters);
    ImageBlock block = GoldenNetwork.images();
    ExplanationBatch rows =
        new ExplanationBatch(Explainer.tableShape(GoldenNetwork.MODEL), batchSize);
    new Explainer(GoldenNetwork.MODEL, classifier, parameters).explain(block, 0, 16, rows);
    new FaithfulnessMeter(
            GoldenNetwork.MODEL, classifier, new FaithfulnessPlan(16, 16, 42), batchSize)
        .measure(block, 0, rows);
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 64})
  void batchesDoNotChangeTheFile(int batch) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("batch-" + batch));
    assertEquals(whole.sha256(), write(sc, directory, 1, batch, PLAN).get(0).sha256());
  }

  @Test
  void partitionsDoNotChangeTheRows() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("partitions"));
    write(sc, directory, 3, 64, PLAN);
    assertEquals(0, rows(table).exceptAll(rows(directory)).count());
    assertEquals(COUNT, rows(directory).count());
  }

  private Dataset<Row> rows(Path directory) {
    return spark.read().parquet(directory.toString());
  }

  @Test
  void theSampleIsAsLargeAsAskedForAndTheSeedsOwn() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("seed"));
    write(sc, directory, 1, 64, new FaithfulnessPlan(COUNT, SAMPLE, 43));
    List<Long> sampled = sampled(table);
    List<Long> other = sampled(directory);
    assertEquals(SAMPLE, sampled.size());
    assertEquals(SAMPLE, other.size());
    assertTrue(!sampled.equals(other), sampled::toString);
  }

  private List<Long> sampled(Path directory) {
    return rows(directory)
        .where("deletion_auc_random IS NOT NULL")
        .orderBy("id")
        .collectAsList()
        .stream()
        .map(row -> row.<Long>getAs("id"))
        .toList();
  }

  /** What was written before faithfulness could be measured is written still. */
  @Test
  void allOtherColumnsAreThoseOfATableWithoutIt() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("without"));
    write(sc, directory, 1, 64, FaithfulnessPlan.NONE);
    Dataset<Row> without = rows(directory);
    assertEquals("audit_error", without.columns()[without.columns().length - 1]);
    assertEquals(0, without.exceptAll(rows(table).select("id", tail(without.columns()))).count());
  }

  private static String[] tail(String... columns) {
    return Arrays.copyOfRange(columns, 1, columns.length);
  }

  /**
   * Over these 60 images, seen: deletion 0.31 beside 0.40 for shuffled cells, insertion 0.44 beside
   * 0.41; the middle of the image alone does better than both, as the things stand there.
   */
  @Test
  void cellsInRandomPlacesAreWorse() {
    Row means =
        rows(table)
            .selectExpr(
                "avg(deletion_auc_random) - avg(deletion_auc)",
                "avg(insertion_auc) - avg(insertion_auc_random)",
                "avg(deletion_auc) - avg(deletion_auc_centred)")
            .first();
    assertTrue(means.getDouble(0) > 0.05, means::toString);
    assertTrue(means.getDouble(1) > 0.01, means::toString);
    assertTrue(means.getDouble(2) > 0.03, means::toString);
  }

  @Test
  void samplesLargerThanTheTableAreRefused() {
    assertEquals(
        "sample of 3 of 2 images, expected 0 to as many as there are",
        assertThrows(IllegalArgumentException.class, () -> new FaithfulnessPlan(2, 3, 0))
            .getMessage());
    assertEquals(3, MeasuredMap.values().length);
  }
}
