package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.ExtractRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The command {@code explain} with models of every origin. */
@SharedSpark
class ExplainModelTest {
  private static final String CASES = "src/test/resources/cases/models/";
  private static final String KERAS = "src/test/resources/keras/";

  @TempDir Path output;
  private final StringWriter err = new StringWriter();

  private int explain(String model, String... more) {
    return explainData(ExtractRun.DATA, model, more);
  }

  private int explainData(String data, String model, String... more) {
    PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
    Console console = new Console(nowhere, new PrintWriter(err, true), 0);
    return SparkCam.of(SparkCommandActions::new, console)
        .execute(
            Stream.concat(
                    Stream.of("explain", "--model", model, "--data", data),
                    Stream.concat(
                        Stream.of("--output", output.toString(), "--run-id", "a"), Stream.of(more)))
                .toArray(String[]::new));
  }

  private Dataset<Row> table(SparkSession spark, Path run) {
    return spark.read().parquet(run.resolve("explanations").toString());
  }

  /**
   * Keras's file and DL4J's hold the same weights: the same engine makes the same table of them.
   */
  @Test
  void modelOfKerasGivesTheTableOfItsWeights(SparkSession spark) throws Exception {
    assertEquals(0, explain("src/test/resources/golden/lab_model.h5"), err::toString);
    assertSameTable(spark);
  }

  @Test
  void runIsAModel(SparkSession spark) throws Exception {
    Path run = ExtractRun.published(JavaSparkContext.fromSparkContext(spark.sparkContext()));
    assertEquals(0, explain(run.toString()), err::toString);
    assertSameTable(spark);
  }

  private void assertSameTable(SparkSession spark) throws Exception {
    Path run = ExtractRun.published(JavaSparkContext.fromSparkContext(spark.sparkContext()));
    Dataset<Row> expected = table(spark, run).drop("cam");
    Dataset<Row> found = table(spark, output.resolve("a"));
    assertEquals(200, found.count());
    assertEquals(0, expected.exceptAll(found).count());
  }

  /** Verified before it is published, as every run. */
  @Test
  void mapsOfTheLikeliestClassesAreThoseOfAll(SparkSession spark) throws Exception {
    Path all = ExtractRun.published(JavaSparkContext.fromSparkContext(spark.sparkContext()));
    assertEquals(0, explain(all.toString(), "--maps", "top5"), err::toString);
    Path few = output.resolve("a");
    List<Row> expected = table(spark, all).orderBy("id").collectAsList();
    List<Row> found = table(spark, few).orderBy("id").collectAsList();
    for (int id = 0; id < 200; id++) {
      List<Float> logits = expected.get(id).getList(expected.get(id).fieldIndex("logits"));
      List<Integer> likeliest =
          IntStream.range(0, 10)
              .boxed()
              .sorted(Comparator.comparing(logits::get).reversed())
              .limit(5)
              .toList();
      assertEquals(likeliest, found.get(id).getList(found.get(id).fieldIndex("cam_classes")));
      List<Float> maps = expected.get(id).getList(expected.get(id).fieldIndex("cam_low"));
      List<Float> theirs =
          likeliest.stream().flatMap(c -> maps.subList(c * 9, c * 9 + 9).stream()).toList();
      assertEquals(theirs, found.get(id).getList(found.get(id).fieldIndex("cam_low")));
    }
    assertEquals(
        -1,
        Files.mismatch(
            all.resolve("aggregates/quantiles.parquet"),
            few.resolve("aggregates/quantiles.parquet")));

    List<Integer> shown = found.get(3).getList(found.get(3).fieldIndex("cam_classes"));
    int other = IntStream.range(0, 10).filter(c -> !shown.contains(c)).findFirst().orElseThrow();
    assertEquals(0, show(few, shown.get(4)), err::toString);
    assertEquals(1, show(few, other));
    String refused = "image 3 has maps of its 5 likeliest classes, not of " + other;
    assertTrue(err.toString().contains(refused), err::toString);
  }

  private int show(Path run, int shown) {
    PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
    return SparkCam.of(
            SparkCommandActions::new, new Console(nowhere, new PrintWriter(err, true), 0))
        .execute(
            "show-cam",
            run.toString(),
            "--index=3",
            "--class=" + shown,
            "--format=text",
            "--data=" + ExtractRun.DATA);
  }

  /** It stays what it is, and its run is a model like others. */
  @Test
  void onnxFileIsExplainedAndKept(SparkSession spark) throws IOException {
    Path model = Path.of("src/test/resources/cases/onnx/lab.onnx");
    assertEquals(0, explain(model.toString()), err::toString);
    Path run = output.resolve("a");
    assertEquals(-1, Files.mismatch(model, run.resolve("model.onnx")));
    Row row = table(spark, run).selectExpr("count(1)", "max(audit_error)", "count(box_x0)").first();
    assertEquals(200, row.getLong(0));
    assertTrue(row.getFloat(1) <= 1e-4, row::toString);
    assertTrue(row.getLong(2) > 0, row::toString);
    String manifest = Files.readString(run.resolve("manifest.json"));
    assertTrue(manifest.contains("\"ONNX Runtime 1."), manifest);

    Path first = Files.move(run, output.resolve("first"));
    assertEquals(0, explain(first.toString()), err::toString);
    assertEquals(0, table(spark, first).exceptAll(table(spark, run)).count());
  }

  /** Each class may be there or not: probabilities do not add up to 1, and verify knows. */
  @Test
  void sigmoidsAreTheProbabilities(SparkSession spark) throws IOException {
    String tagger = "src/test/resources/cases/onnx/tagger.onnx";
    assertEquals(1, explain(tagger, "--labels", "ignore", "--head", "softmax"));
    assertTrue(err.toString().contains("ends in sigmoid, --head softmax is for"), err::toString);
    assertEquals(0, explain(tagger, "--labels", "ignore", "--threshold", "0.45"), err::toString);
    Path run = output.resolve("a");
    Row row =
        table(spark, run)
            .selectExpr(
                "count(1)",
                "max(abs(probabilities[2] - 1 / (1 + exp(-logits[2]))))",
                "sum(int(probability = array_max(probabilities)))",
                "max(audit_error)",
                "count_if(predicted_labels ="
                    + " filter(sequence(0, 3), c -> double(probabilities[c]) > 0.45D))",
                "count(distinct size(predicted_labels))",
                "min(size(predicted_labels))")
            .first();
    assertEquals(200, row.getLong(4));
    assertTrue(row.getLong(5) > 1, row::toString);
    assertEquals(2, row.getInt(6));
    assertEquals(200, row.getLong(0));
    assertTrue(row.getDouble(1) < 1e-6, row::toString);
    assertEquals(200, row.getLong(2));
    assertTrue(row.getFloat(3) < 1e-4, row::toString);
    assertTrue(Files.readString(run.resolve("manifest.json")).contains("\"SIGMOID\""));
  }

  /** Of several labels an image, some have none. */
  @Test
  void listsOfLabelsAreComparedWithSigmoids(SparkSession spark) throws IOException {
    Path data = output.resolve("data");
    Dataset<Row> images =
        spark.sql(
            "select id, transform(sequence(0, 27), y -> transform(sequence(0, 27),"
                + " x -> int(x * y * (id + 1) % 256))) image,"
                + " filter(array(3, 1, 0), c -> (id + c) % 3 = 0 and id % 5 > 0) labels"
                + " from range(40)");
    images.coalesce(1).write().parquet(data.resolve("test").toString());
    String tagger = "src/test/resources/cases/onnx/tagger.onnx";
    assertEquals(0, explainData(data.toString(), tagger), err::toString);
    Path run = output.resolve("a");
    Row row =
        table(spark, run)
            .selectExpr(
                "count(label)",
                "sum(size(labels))",
                "count_if(size(labels) = 0)",
                "2 * sum(size(array_intersect(labels, predicted_labels)))"
                    + " / sum(size(labels) + size(predicted_labels))")
            .first();
    Row given = images.selectExpr("sum(size(labels))", "count_if(size(labels) = 0)").first();
    assertEquals(0, row.getLong(0));
    assertEquals(given.getLong(0), row.getLong(1));
    assertEquals(given.getLong(1), row.getLong(2));
    String f1 = "\"test_micro_f1\" : " + row.getDouble(3);
    assertTrue(Files.readString(run.resolve("manifest.json")).contains(f1), f1);
    Files.move(run, output.resolve("first"));
    String softmax = "src/test/resources/cases/onnx/lab.onnx";
    assertEquals(1, explainData(data.toString(), softmax), err::toString);
    assertTrue(err.toString().contains("expected sigmoids"), err::toString);
  }

  /** Its model is DL4J's, which takes scaled pixels; the run remembers how they are scaled. */
  @Test
  void runRemembersHowItsModelWantsPixels(SparkSession spark) throws IOException {
    assertEquals(0, explain(CASES + "tfoplambda_preprocess/model.h5"), err::toString);
    Path run = output.resolve("a");
    assertTrue(Files.readString(run.resolve("manifest.json")).contains("pixels.json"));
    Path first = Files.move(run, output.resolve("first"));
    assertEquals(0, explain(first.toString()), err::toString);
    assertEquals(0, table(spark, first).exceptAll(table(spark, run)).count());
  }

  @Test
  void graphOfDl4jIsExplained(SparkSession spark) throws IOException {
    ComputationGraph graph = residualGraph();
    Path model = output.resolve("graph.zip");
    graph.save(model.toFile());
    assertEquals(0, explain(model.toString()), err::toString);
    Row row =
        table(spark, output.resolve("a"))
            .selectExpr("count(1)", "max(audit_error)", "min(size(features))", "max(size(cam_low))")
            .first();
    assertEquals(200, row.getLong(0));
    // The maps add up to DL4J's logits but for single precision's rounding.
    assertTrue(row.getFloat(1) <= 1e-4, row::toString);
    assertEquals(14 * 14 * 4, row.getInt(2));
    assertEquals(14 * 14 * 10, row.getInt(3));
  }

  private static ComputationGraph residualGraph() {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .convolutionMode(ConvolutionMode.Same)
            .activation(Activation.RELU)
            .graphBuilder()
            .addInputs("image")
            .addLayer(
                "stem", new ConvolutionLayer.Builder(3, 3).stride(2, 2).nOut(4).build(), "image")
            .addLayer("branch", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "stem")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "branch", "stem")
            .addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "sum")
            .addLayer(
                "classes",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(10)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "pool")
            .setOutputs("classes")
            .setInputTypes(InputType.convolutional(28, 28, 1));
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    return graph;
  }

  @Test
  void whatCannotBeExplainedIsOneLine() throws IOException {
    refused(CASES + "global_max/model.h5", " takes maxima, which do not add up to the logit");
    refused(CASES + "torchscript/model.pt", ": is a PyTorch checkpoint: export it with");
    refused(CASES + "json_only/model.json", ": is a model's configuration alone, without weights");
    refused(KERAS + "separate.h5", ": takes input of (any, any, 3), the images are (28, 28, 1)");
    refused(KERAS + "nowhere.h5", "nowhere.h5 does not exist");
    refused(KERAS, ": is a directory without model.zip or model.onnx, expected a file or a run");
    byte[] whole = Files.readAllBytes(Path.of(KERAS + "functional.h5"));
    Path cut = Files.write(output.resolve("cut.h5"), java.util.Arrays.copyOf(whole, 5000));
    refused(cut.toString(), ": cannot be read as HDF5");
  }

  private void refused(String model, String why) {
    err.getBuffer().setLength(0);
    assertEquals(1, explain(model));
    assertTrue(err.toString().contains(why), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertFalse(Files.exists(output.resolve("a")));
  }
}
