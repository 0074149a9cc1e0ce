package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.cli.SparkCam;
import io.sparkcam.cli.SparkCommandActions;
import io.sparkcam.config.Settings;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.inputs.ExplainableModel;
import io.sparkcam.inputs.ModelFile;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.TrainableNetwork;
import io.sparkcam.testing.FashionExtract;
import io.sparkcam.testing.SharedSpark;
import io.sparkcam.text.Console;
import io.sparkcam.training.TrainingPlan;
import io.sparkcam.view.ExtractRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A new dense layer on the features of a model that stays as it is. */
@SharedSpark
class BackboneTest {
  private static final double PENALTY = 1e-3;
  private static final int TRAINED_ON = 540;

  @TempDir Path output;
  private final StringWriter err = new StringWriter();

  private Path sparkcam(String command, String backbone, String workers) {
    return sparkcam(
        workers,
        command,
        "--backbone",
        backbone,
        "--workers",
        workers,
        "--head-penalty",
        String.valueOf(PENALTY));
  }

  private Path sparkcam(String runId, String... arguments) {
    Console console =
        new Console(new PrintWriter(PrintWriter.nullWriter()), new PrintWriter(err, true), 0);
    int code =
        SparkCam.of(SparkCommandActions::new, console)
            .execute(
                Stream.concat(
                        Stream.of(arguments),
                        Stream.of(
                            "--data",
                            ExtractRun.DATA,
                            "--output",
                            output.toString(),
                            "--run-id",
                            runId))
                    .toArray(String[]::new));
    assertEquals(0, code, err::toString);
    return output.resolve(runId);
  }

  private static ExplainableModel model(String file) throws IOException {
    return ModelFile.read(file, new ImageShape(28, 28, 1), ModelOptions.NONE, new Configuration());
  }

  private static float[] head(ExplainableModel model) {
    float[] all = model.parameters();
    int from = model.network().headOffset();
    return Arrays.copyOfRange(all, from, all.length);
  }

  /** That is where the loss's own gradient, by plain loops, is 0. */
  @ParameterizedTest
  @ValueSource(strings = {"onnx/lab.onnx", "models/tfoplambda_preprocess/model.h5"})
  void headIsTheOptimumForAnyNumberOfWorkers(String name) throws IOException {
    String backbone = "src/test/resources/cases/" + name;
    ExplainableModel one = model(sparkcam("train", backbone, "1").toString());
    ExplainableModel three = model(sparkcam("train", backbone, "3").toString());
    assertArrayEquals(head(one), head(three), 1e-5f);
    assertEquals(0, gradientNorm(one), 3e-6); // of weights in single precision
  }

  private static double gradientNorm(ExplainableModel model) throws IOException {
    CamNetwork network = model.network();
    int channels = network.featureChannels();
    int cells = network.featureRows() * network.featureColumns();
    int classes = network.classes();
    float[] head = head(model);
    ImageBlock images = FashionExtract.training();
    double[] gradient = new double[head.length];
    ForwardPass classifier = new ForwardPass(network, network.stockFeatureMaps());
    classifier.load(model.parameters());
    for (int n = 0; n < TRAINED_ON; n++) {
      classifier.classify(images, n, 1);
      double[] mean = new double[channels];
      for (int i = 0; i < cells * channels; i++) {
        mean[i % channels] += classifier.features()[i] / (double) cells;
      }
      double[] odds = new double[classes];
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        odds[c] = head[classes * channels + c];
        for (int k = 0; k < channels; k++) {
          odds[c] += head[c * channels + k] * mean[k];
        }
        odds[c] = Math.exp(odds[c]);
        sum += odds[c];
      }
      for (int c = 0; c < classes; c++) {
        double error = odds[c] / sum - (images.labels()[n] == c ? 1 : 0);
        for (int k = 0; k < channels; k++) {
          gradient[c * channels + k] += error * mean[k] / TRAINED_ON;
        }
        gradient[classes * channels + c] += error / TRAINED_ON;
      }
    }
    double squares = 0;
    for (int i = 0; i < gradient.length; i++) {
      squares += Math.pow(gradient[i] + PENALTY * head[i], 2);
    }
    return Math.sqrt(squares);
  }

  @Test
  void runExplainsTheNewClasses(SparkSession spark) throws IOException {
    Path run = sparkcam("run", "src/test/resources/golden/lab_model.h5", "2");
    assertTrue(ExtractRun.audited(spark, run) > 0.8);
    assertEquals(0, gradientNorm(model(run.toString())), 3e-6);
  }

  @Test
  void trainingGoesOnFromAModel() throws IOException {
    String lab = "src/test/resources/golden/lab_model.h5";
    Path run = sparkcam("a", "train", "--init", lab, "--epochs", "1", "--learning-rate", "1e-9");
    assertArrayEquals(model(lab).parameters(), model(run.toString()).parameters(), 1e-6f);
  }

  /** Of other classes the convolutions stay, and the dense layer starts as any does. */
  @Test
  void anotherNumberOfClassesReplacesTheHead() throws IOException {
    ExplainableModel lab = model("src/test/resources/golden/lab_model.h5");
    Settings settings = Settings.of(Map.of("init", "lab"));
    TrainableNetwork network = InitialWeights.network(lab, settings, 3);
    TrainingPlan plan = new TrainingPlan(1, 1, 1, 1, 1, TrainingPlan.Schedule.CONSTANT, 7);
    float[] expected = network.network(TrainableNetwork.adam(0), 7).params().dup().data().asFloat();
    System.arraycopy(lab.parameters(), 0, expected, 0, network.headOffset());
    assertEquals(3, network.classes());
    assertArrayEquals(expected, InitialWeights.of(lab, network, plan));
  }
}
