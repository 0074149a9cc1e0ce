package io.sparkcam.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cam.LinearImputation;
import io.sparkcam.cam.Zoom;
import io.sparkcam.cluster.BroadcastModel;
import io.sparkcam.cluster.IndexedImages;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.SeededPermutation;
import io.sparkcam.job.Explanation;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.run.PartFiles;
import io.sparkcam.table.ExplanationSchema;
import io.sparkcam.table.PartFile;
import io.sparkcam.testing.DenseImputation;
import io.sparkcam.testing.Distance;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.Npy;
import io.sparkcam.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SharedSpark
class FaithfulnessTest {
  private static final int COUNT = 200;
  private static final int SAMPLE = 40;
  private static final FaithfulnessPlan PLAN = new FaithfulnessPlan(COUNT, SAMPLE, 42);

  @TempDir static Path temporary;
  private static IndexedImages images;
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
    images = new IndexedImages(sc, FashionExtract.storeTest(temporary));
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
              PartFiles.in(new org.apache.hadoop.fs.Path(directory.toString())),
              batch,
              CamMethods.CAM,
              plan)
          .parts();
    }
  }

  /**
   * PyTorch and SciPy in double precision. Probabilities and their means are of single precision;
   * two pixels of almost the same strength may trade places, which changes little.
   */
  @Test
  void measuresAreTheReference() throws IOException {
    Map<String, Npy> reference = Npy.goldenArchive("faithfulness.npz");
    ExplanationBatch rows = measured();
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

  /** The systems solved by decomposition, the noise added; float to double, and back. */
  @Test
  void roadCurvesAreThoseOfTheDenseSystem() throws IOException {
    ExplanationBatch rows = measured();
    ForwardPass classifier =
        new ForwardPass(GoldenNetwork.MODEL, Engine.FAST.featureMaps(GoldenNetwork.MODEL));
    classifier.load(GoldenNetwork.parameters());
    Zoom zoom = Explainer.alignedZoom(GoldenNetwork.MODEL).orElseThrow();
    for (int row = 0; row < 2; row++) {
      int predicted = rows.predicted()[row];
      float[] map = new float[784];
      zoom.zoom(rows.camLow(), row * 90 + predicted * 9, map, 0);
      List<Integer> strongestFirst =
          IntStream.range(0, 784)
              .boxed()
              .sorted(Comparator.comparingDouble(pixel -> -map[pixel]))
              .toList();
      float[] image = new float[784];
      GoldenNetwork.images().normalise(row, 1, image);
      float[] noise = LinearImputation.noise(784, 42, rows.ids()[row]);
      double area = 0;
      for (int point = 0; point < 10; point++) {
        boolean[] missing = new boolean[784];
        strongestFirst.subList(0, 784 * point / 10).forEach(pixel -> missing[pixel] = true);
        double[] pixels = IntStream.range(0, 784).mapToDouble(i -> image[i]).toArray();
        double[] imputed = DenseImputation.imputed(28, 28, missing, pixels);
        float[] asked = new float[784];
        for (int i = 0; i < 784; i++) {
          asked[i] = (float) (imputed[i] + (missing[i] ? noise[i] : 0));
        }
        classifier.classify(asked, 1);
        area += classifier.probabilities()[predicted] / (point % 9 == 0 ? 18 : 9);
      }
      assertEquals(area, rows.roadAreas()[row * 3], 1e-5, "image " + row);
    }
  }

  private static float[] of(float[] values) {
    return Arrays.copyOf(values, 48);
  }

  private static ExplanationBatch measured() throws IOException {
    ForwardPass classifier =
        new ForwardPass(GoldenNetwork.MODEL, Engine.FAST.featureMaps(GoldenNetwork.MODEL));
    float[] parameters = GoldenNetwork.parameters();
    classifier.load(parameters);
    ImageBlock block = GoldenNetwork.images();
    ExplanationBatch rows = new ExplanationBatch(ExplanationShape.of(GoldenNetwork.MODEL), 16);
    new Explainer(CamMethods.CAM.method(), GoldenNetwork.MODEL, classifier, parameters)
        .explain(block, 0, 16, rows);
    new FaithfulnessMeter(GoldenNetwork.MODEL, classifier, new FaithfulnessPlan(16, 16, 42), 16)
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
  void theSampleIsAsLargeAsAskedForAndTheSeedsOwn() {
    List<Long> sampled =
        rows(table)
            .where("deletion_auc_random IS NOT NULL")
            .orderBy("id")
            .select("id")
            .as(Encoders.LONG())
            .collectAsList();
    assertEquals(SAMPLE, sampled.size());
    assertEquals(sampled(42), sampled);
    assertEquals(SAMPLE, sampled(43).size());
    assertNotEquals(sampled(43), sampled);
  }

  private static List<Long> sampled(long seed) {
    SeededPermutation order = new FaithfulnessPlan(COUNT, SAMPLE, seed).order();
    return LongStream.range(0, COUNT).filter(id -> order.position(id) < SAMPLE).boxed().toList();
  }

  /** What was written before faithfulness could be measured is written still. */
  @Test
  void allOtherColumnsAreThoseOfATableWithoutIt() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("without"));
    write(sc, directory, 1, 64, FaithfulnessPlan.NONE);
    Dataset<Row> without = rows(directory);
    assertEquals(
        ExplanationSchema.of(ExplanationShape.of(GoldenNetwork.MODEL)).columns().size(),
        without.columns().length);
    assertEquals(0, without.exceptAll(rows(table).select("id", tail(without.columns()))).count());
  }

  private static String[] tail(String... columns) {
    return Arrays.copyOfRange(columns, 1, columns.length);
  }

  /**
   * What the map ranks highest matters more than the same cells elsewhere: deletion leaves 0.08
   * less over these images. Insertion tells less, since cells elsewhere show the things' outline as
   * well; and as they stand in the middle, nothing beats the middle.
   */
  @Test
  void deletionTellsTheMapFromItsCellsInRandomPlaces() {
    Row means =
        rows(table)
            .selectExpr(
                "avg(deletion_auc_random) - avg(deletion_auc)",
                "avg(deletion_auc) - avg(deletion_auc_centred)")
            .first();
    assertTrue(means.getDouble(0) > 0.04, means::toString);
    assertTrue(means.getDouble(1) > 0.02, means::toString);
  }

  @Test
  void samplesLargerThanTheTableAreRefused() {
    assertEquals(
        "sample of 3 of 2 images, expected 0 to as many as there are",
        assertThrows(IllegalArgumentException.class, () -> new FaithfulnessPlan(2, 3, 0))
            .getMessage());
  }
}
