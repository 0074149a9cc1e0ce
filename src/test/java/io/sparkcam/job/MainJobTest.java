package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.TensorBoardEvents;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The whole job as a user starts it, on 600 training and 200 test images of the real data. */
@SharedSpark
class MainJobTest {
  private static final Path EXTRACT = Path.of("src/test/resources/fashion-mnist-extract");

  @TempDir Path directory;
  private Path output;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void namePlaces() {
    output = directory.resolve("out");
  }

  private int sparkcam(SparkSession spark, String... arguments) {
    assertTrue(SparkSession.getDefaultSession().isDefined(), spark::toString);
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), 0);
    return SparkCam.of(SparkCommandActions::new, console).execute(arguments);
  }

  private String[] command(String name, Path data, String... more) {
    Stream<String> common =
        Stream.of(
            name,
            "--data",
            data.toString(),
            "--output",
            output.toString(),
            "--run-id",
            "a",
            "--workers",
            "2");
    return Stream.concat(common, Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void runLeavesWhatTheDesignSays(SparkSession spark) throws IOException {
    assertEquals(0, sparkcam(spark, command("run", EXTRACT, "--epochs", "2")), err::toString);

    Path run = output.resolve("a");
    assertEquals(
        List.of(
            "aggregates",
            TensorBoardEvents.NAME,
            "explanations",
            "history.jsonl",
            "manifest.json",
            "model.zip",
            "report"),
        namesIn(run));
    assertEquals(List.of("a"), namesIn(output));
    List<String> history = Files.readAllLines(run.resolve("history.jsonl"));
    assertEquals(2, history.size());
    JsonNode epoch = new ObjectMapper().readTree(history.get(1));
    assertEquals(2, epoch.get("epoch").asInt());
    assertTrue(epoch.get("val_accuracy").isNumber());
    JsonNode manifest = new ObjectMapper().readTree(run.resolve("manifest.json").toFile());
    assertEquals("1.0.0-M2.1", manifest.findValue("versions").get("dl4j").asText());

    Dataset<Row> table = spark.read().parquet(run.resolve("explanations").toString());
    List<Row> rows =
        table
            .select("id", "predicted", "probabilities", "audit_error")
            .orderBy("id")
            .collectAsList();
    assertEquals(200, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(i, rows.get(i).getLong(0));
      double sum = rows.get(i).<Float>getList(2).stream().mapToDouble(Float::doubleValue).sum();
      assertEquals(1, sum, 1e-5);
      assertTrue(rows.get(i).getFloat(3) <= 1e-4, "audit error of image " + i);
    }
    Row sizes = table.selectExpr("max(size(features))", "min(size(cam_low))").first();
    assertEquals(List.of(1152, 90), List.of(sizes.getInt(0), sizes.getInt(1)));

    assertEquals(0, sparkcam(spark, "verify", run.toString()), err::toString);
  }

  @Test
  void sameCommandTwiceGivesTheSameModel(SparkSession spark) throws IOException {
    assertEquals(0, sparkcam(spark, command("train", EXTRACT, "--epochs", "1")), err::toString);
    String[] again = command("train", EXTRACT, "--epochs", "1");
    again[6] = "b";
    assertEquals(0, sparkcam(spark, again), err::toString);
    assertArrayEquals(
        Files.readAllBytes(output.resolve("a/model.zip")),
        Files.readAllBytes(output.resolve("b/model.zip")));
  }

  /** A JVM without this project's classes, as whoever receives the model has it. */
  @Test
  void modelNeedsNoClassOfThisProject(SparkSession spark) throws IOException, InterruptedException {
    assertEquals(0, sparkcam(spark, command("run", EXTRACT, "--epochs", "1")), err::toString);
    Path pixels = directory.resolve("test-images");
    try (GZIPInputStream in =
        new GZIPInputStream(Files.newInputStream(EXTRACT.resolve("t10k-images-idx3-ubyte.gz")))) {
      Files.write(pixels, in.readAllBytes());
    }
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                entry ->
                    !entry.endsWith("target/classes") && !entry.endsWith("target/test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    Process stranger =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "src/test/resources/stranger/Predict.java",
                output.resolve("a/model.zip").toString(),
                pixels.toString())
            .redirectError(directory.resolve("stranger-err").toFile())
            .start();
    List<String> predictions;
    try (var lines = stranger.inputReader()) {
      predictions = lines.lines().toList();
    }
    assertEquals(0, stranger.waitFor(), Files.readString(directory.resolve("stranger-err")));

    List<Row> rows =
        spark
            .read()
            .parquet(output.resolve("a/explanations").toString())
            .orderBy("id")
            .select("probabilities")
            .collectAsList();
    assertEquals(rows.size(), predictions.size());
    for (int i = 0; i < rows.size(); i++) {
      List<Float> expected = rows.get(i).getList(0);
      String[] actual = predictions.get(i).split(" ", -1);
      for (int c = 0; c < expected.size(); c++) {
        assertEquals(
            expected.get(c), Float.parseFloat(actual[c]), 1e-4, "class " + c + " of image " + i);
      }
    }
  }

  @Test
  void explainReadsTheModelThatARunLeft(SparkSession spark) throws IOException {
    assertEquals(0, sparkcam(spark, command("run", EXTRACT, "--epochs", "1")), err::toString);
    String[] again =
        command("explain", EXTRACT, "--model", output.resolve("a/model.zip").toString());
    again[6] = "b";
    assertEquals(0, sparkcam(spark, again), err::toString);
    Dataset<Row> first = spark.read().parquet(output.resolve("a/explanations").toString());
    Dataset<Row> second = spark.read().parquet(output.resolve("b/explanations").toString());
    assertEquals(0, first.exceptAll(second).count());
    assertEquals(first.count(), second.count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "train"})
  void missingFileIsNamed(String name, @TempDir Path data) throws IOException {
    copyExtract(data);
    Files.delete(data.resolve("train-labels-idx1-ubyte.gz"));
    refused(data, name, "train-labels-idx1-ubyte[.gz] is missing");
  }

  @Test
  void cutGzipIsRefused(@TempDir Path data) throws IOException {
    copyExtract(data);
    byte[] whole = Files.readAllBytes(EXTRACT.resolve("train-images-idx3-ubyte.gz"));
    Files.write(data.resolve("train-images-idx3-ubyte.gz"), Arrays.copyOf(whole, whole.length / 2));
    refused(data, "run", "train-images-idx3-ubyte.gz: ");
  }

  @Test
  void wrongMagicIsRefused(@TempDir Path data) throws IOException {
    copyExtract(data);
    Files.copy(
        EXTRACT.resolve("train-labels-idx1-ubyte.gz"),
        data.resolve("train-images-idx3-ubyte.gz"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused(
        data, "run", "train-images-idx3-ubyte.gz: magic 0x00000801 at byte 0, expected 0x00000803");
  }

  @Test
  void countMismatchIsRefused(@TempDir Path data) throws IOException {
    copyExtract(data);
    Files.copy(
        EXTRACT.resolve("t10k-labels-idx1-ubyte.gz"),
        data.resolve("train-labels-idx1-ubyte.gz"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused(data, "run", "train-labels-idx1-ubyte.gz: 200 labels, expected 600");
  }

  @Test
  void labelOutOfRangeIsRefused(@TempDir Path data) throws IOException {
    copyExtract(data);
    byte[] labels;
    try (GZIPInputStream in =
        new GZIPInputStream(Files.newInputStream(EXTRACT.resolve("train-labels-idx1-ubyte.gz")))) {
      labels = in.readAllBytes();
    }
    labels[8 + 17] = 10;
    Files.delete(data.resolve("train-labels-idx1-ubyte.gz"));
    Files.write(data.resolve("train-labels-idx1-ubyte"), labels);
    refused(data, "run", "train-labels-idx1-ubyte: label 10 of image 17, expected 0 to 9");
  }

  @Test
  void outputThatExistsIsLeftAlone(SparkSession spark) throws IOException {
    Path taken = Files.createDirectories(output.resolve("a")).resolve("mine");
    Files.writeString(taken, "precious");
    assertEquals(1, sparkcam(spark, command("run", EXTRACT)));
    assertEquals(
        "sparkcam: "
            + output.resolve("a")
            + ": already exists, remove it or choose another run id\n",
        err.toString());
    assertEquals("precious", Files.readString(taken));
  }

  @Test
  void unwritableOutputIsRefused(SparkSession spark) throws IOException {
    Files.writeString(output, "a file where the directory should be");
    assertEquals(1, sparkcam(spark, command("run", EXTRACT)));
    assertTrue(
        err.toString().startsWith("sparkcam: " + output + ": cannot be written: "), err::toString);
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void modelOfSomethingElseIsRefused(SparkSession spark) throws IOException {
    Path model = Files.writeString(directory.resolve("model.zip"), "no zip");
    assertEquals(1, sparkcam(spark, command("explain", EXTRACT, "--model", model.toString())));
    assertTrue(
        err.toString().startsWith("sparkcam: " + model + ": is no DL4J model"), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertEquals(List.of(), namesIn(output));
  }

  /**
   * 5x5 windows are not the fast trunk's: DL4J's own layers compute them, and the table is the same
   * kind.
   */
  @Test
  void networkOfOtherLayersIsExplainedByStockLayers(SparkSession spark) throws IOException {
    Path model = directory.resolve("five.zip");
    network(new ConvolutionLayer.Builder(5, 5).nOut(6).stride(2, 2).build(), true)
        .save(model.toFile());
    assertEquals(
        0,
        sparkcam(spark, command("explain", EXTRACT, "--model", model.toString())),
        err::toString);
    Row row =
        spark
            .read()
            .parquet(output.resolve("a/explanations").toString())
            .selectExpr("count(1)", "max(audit_error)", "min(size(features))", "max(size(cam_low))")
            .first();
    assertEquals(200, row.getLong(0));
    assertTrue(row.getFloat(1) <= 1e-4, row::toString);
    assertEquals(12 * 12 * 6, row.getInt(2));
    assertEquals(12 * 12 * 10, row.getInt(3));
  }

  @Test
  void modelWithoutPoolingIsRefused(SparkSession spark) throws IOException {
    Path model = directory.resolve("flat.zip");
    network(new ConvolutionLayer.Builder(3, 3).nOut(4).build(), false).save(model.toFile());
    assertEquals(1, sparkcam(spark, command("explain", EXTRACT, "--model", model.toString())));
    assertEquals(
        "sparkcam: "
            + model
            + ": cannot be explained: two dense layers at its end: class activation maps need one; gradients explain it: --method gradcam\n",
        err.toString());
    assertEquals(List.of(), namesIn(output));
  }

  private static MultiLayerNetwork network(ConvolutionLayer convolution, boolean pooled) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .activation(Activation.RELU)
            .list()
            .layer(convolution);
    if (pooled) {
      layers.layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
    } else {
      layers.layer(new DenseLayer.Builder().nOut(8).build());
    }
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            layers
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
    network.init();
    return network;
  }

  private void refused(Path data, String command, String message) throws IOException {
    assertEquals(1, sparkcam(SparkSession.getDefaultSession().get(), command(command, data)));
    assertTrue(err.toString().contains(message), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertEquals(List.of(), namesIn(output));
  }

  private static void copyExtract(Path data) throws IOException {
    for (String name : namesIn(EXTRACT)) {
      Files.copy(EXTRACT.resolve(name), data.resolve(name));
    }
  }

  private static List<String> namesIn(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    names.sort(null);
    return names;
  }
}
