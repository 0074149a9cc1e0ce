package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.BatchStatistics;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.network.file.StockNetwork;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.view.ExtractRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that DL4J describes, on its own layers. */
@SharedSpark
class NetworkFileTest {
  @TempDir Path output;
  private final StringWriter err = new StringWriter();

  private int run(int classes, double dropOut) throws IOException {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .dropOut(dropOut)
            .list(
                new ConvolutionLayer.Builder(5, 5).stride(3, 3).nOut(12).build(),
                new BatchNormalization.Builder().activation(Activation.RELU).build(),
                new GlobalPoolingLayer.Builder(PoolingType.AVG).build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(classes)
                    .activation(Activation.SOFTMAX)
                    .build());
    layers.setInputType(InputType.convolutional(28, 28, 1));
    Path file = Files.writeString(output.resolve("network.json"), layers.build().toJson());
    return sparkcam(
        "run",
        "--network",
        file.toString(),
        "--data",
        ExtractRun.DATA,
        "--output",
        output.toString(),
        "--run-id",
        "a",
        "--workers",
        "2",
        "--epochs",
        "12",
        "--averaging-frequency",
        "5",
        "--recipe",
        "steady",
        "--learning-rate",
        "0.02");
  }

  private int sparkcam(String... arguments) {
    Console console =
        new Console(new PrintWriter(PrintWriter.nullWriter()), new PrintWriter(err, true), 0);
    return SparkCam.of(SparkCommandActions::new, console).execute(arguments);
  }

  /** Where its statistics were wrong its classes would be guessed. */
  @Test
  void batchNormalisationIsTrainedAndExplained(SparkSession spark) throws IOException {
    assertEquals(0, run(10, 0), err::toString);
    Path run = output.resolve("a");
    assertTrue(ExtractRun.audited(spark, run) > 0.3);
    MultiLayerNetwork network = MultiLayerNetwork.load(run.resolve("model.zip").toFile(), false);
    assertTrue(network.getLayer(1).getParam("mean").norm2Number().doubleValue() > 0);
    goesOn(run, network);
  }

  /** Steps that move nothing leave the weights that it starts with; statistics are seen anew. */
  private void goesOn(Path run, MultiLayerNetwork before) throws IOException {
    String[] arguments = {
      "train",
      "--init",
      run.toString(),
      "--data",
      ExtractRun.DATA,
      "--output",
      output.toString(),
      "--run-id",
      "b",
      "--epochs",
      "1",
      "--learning-rate",
      "1e-9"
    };
    assertEquals(0, sparkcam(arguments), err::toString);
    MultiLayerNetwork after = MultiLayerNetwork.load(output.resolve("b/model.zip").toFile(), false);
    for (int layer : new int[] {0, 3}) {
      float[] expected = before.getLayer(layer).params().dup().data().asFloat();
      assertArrayEquals(expected, after.getLayer(layer).params().dup().data().asFloat(), 1e-5f);
    }
    ImageShape images = new ImageShape(28, 28, 1);
    assertEquals(3, StockNetwork.of(before, "model.zip", images, 3).classes());
  }

  /** Its shortcuts make it a graph, which is trained, explained and trained on as a stack is. */
  @Test
  void residualNetworkIsTrainedAndExplained(SparkSession spark) throws IOException {
    String[] arguments = {
      "run",
      "--network",
      "resnet",
      "--data",
      ExtractRun.DATA,
      "--output",
      output.toString(),
      "--run-id",
      "a",
      "--workers",
      "2",
      "--epochs",
      "1",
      "--train-limit",
      "100",
      "--recipe",
      "steady",
      "--averaging-frequency",
      "1"
    };
    assertEquals(0, sparkcam(arguments), err::toString);
    Path run = output.resolve("a");
    assertTrue(ExtractRun.audited(spark, run) >= 0);
    ComputationGraph network = ComputationGraph.load(run.resolve("model.zip").toFile(), false);
    TrainableNetwork again = StockNetwork.of(network, "model.zip", new ImageShape(28, 28, 1), 10);
    assertEquals(78_426, again.parameterCount());
    assertEquals(Optional.of(CellGrid.square(0, 4)), again.cellGrid());
    int statistics = BatchStatistics.count(again.statistics());
    assertEquals(16 * 3 + 32 * 3 + 64 * 3, statistics);
  }

  @Test
  void whatCannotBeTrainedIsOneLine() throws IOException {
    assertEquals(1, run(4, 0));
    assertTrue(err.toString().contains("cannot be trained: 4 classes, data has 10"), err::toString);
    assertEquals(1, run(10, 0.5));
    assertTrue(err.toString().contains("cannot be trained: dropout, which"), err::toString);
  }
}
