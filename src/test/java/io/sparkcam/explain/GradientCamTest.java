package io.sparkcam.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.ImageShape;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.engine.Engine;
import io.sparkcam.network.file.ModelZip;
import io.sparkcam.testing.GoldenNetwork;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Maps by gradients against the papers' formulas on central differences of logits, which plain
 * loops compute from the features in double precision.
 */
class GradientCamTest {
  private static final int IMAGES = 3;
  private static final int CLASSES = 3;
  private static final double STEP = 1e-5;

  /**
   * Everything that differs outside of training: normalisation, dropout as a layer and of a layer,
   * activations by themselves; no layer is linear, and features may be negative.
   */
  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .list()
                .layer(convolution(4, 3, ConvolutionMode.Same, Activation.TANH))
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.SIGMOID))
                .layer(
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new DropoutLayer(0.5))
                .layer(convolution(5, 2, ConvolutionMode.Truncate, Activation.TANH))
                .layer(
                    new DenseLayer.Builder()
                        .nOut(6)
                        .activation(Activation.TANH)
                        .dropOut(0.5)
                        .build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(6, 6, 1))
                .build());
    network.init();
    network.setParams(Nd4j.createFromArray(numbers(network.numParams(), -1, 1)).reshape(1, -1));
    return network;
  }

  private static ConvolutionLayer convolution(
      int filters, int kernel, ConvolutionMode mode, Activation activation) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(filters)
        .convolutionMode(mode)
        .activation(activation)
        .build();
  }

  private static float[] numbers(long count, double from, double to) {
    Random random = new Random(count);
    float[] numbers = new float[(int) count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (from + (to - from) * random.nextDouble());
    }
    return numbers;
  }

  /** From the first convolution's output (c, 6, 6) to the second's (c, 2, 2). */
  private static double[] secondConvolution(MultiLayerNetwork network, double[] maps) {
    INDArray gamma = network.getLayer(1).getParam("gamma");
    INDArray beta = network.getLayer(1).getParam("beta");
    INDArray mean = network.getLayer(1).getParam("mean");
    INDArray logarithms = network.getLayer(1).getParam("log10stdev");
    double[] pooled = new double[4 * 9];
    for (int i = 0; i < pooled.length; i++) {
      int k = i / 9;
      double largest = Double.NEGATIVE_INFINITY;
      for (int window = 0; window < 4; window++) {
        int y = i % 9 / 3 * 2 + window / 2;
        int x = i % 3 * 2 + window % 2;
        double centred = maps[k * 36 + y * 6 + x] - mean.getDouble(k);
        double normal =
            gamma.getDouble(k)
                    * centred
                    / Math.sqrt(Math.pow(10, 2 * logarithms.getDouble(k)) + 1e-5)
                + beta.getDouble(k);
        largest = Math.max(largest, 1 / (1 + Math.exp(-normal)));
      }
      pooled[i] = largest;
    }
    INDArray weights = network.getLayer(5).getParam("W");
    INDArray bias = network.getLayer(5).getParam("b");
    double[] found = new double[5 * 4];
    for (int i = 0; i < found.length; i++) {
      double sum = bias.getDouble(i / 4);
      for (int k = 0; k < 4; k++) {
        for (int tap = 0; tap < 4; tap++) {
          int y = i % 4 / 2 + tap / 2;
          int x = i % 2 + tap % 2;
          sum += weights.getDouble(i / 4, k, tap / 2, tap % 2) * pooled[k * 9 + y * 3 + x];
        }
      }
      found[i] = Math.tanh(sum);
    }
    return found;
  }

  /** From the second convolution's output (c, 2, 2), which DL4J flattens as it is. */
  private static double[] logits(MultiLayerNetwork network, double[] maps) {
    double[] hidden = dense(network, 6, maps);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = Math.tanh(hidden[i]);
    }
    return dense(network, 7, hidden);
  }

  private static double[] dense(MultiLayerNetwork network, int layer, double... input) {
    INDArray weights = network.getLayer(layer).getParam("W");
    double[] sums = new double[(int) weights.size(1)];
    for (int o = 0; o < sums.length; o++) {
      sums[o] = network.getLayer(layer).getParam("b").getDouble(o);
      for (int i = 0; i < input.length; i++) {
        sums[o] += weights.getDouble(i, o) * input[i];
      }
    }
    return sums;
  }

  /** Derivatives of a class's logit by features (k, cell). */
  private static double[] slopes(UnaryOperator<double[]> logits, double[] a, int c) {
    double[] slopes = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      double[] above = a.clone();
      double[] below = a.clone();
      above[i] += STEP;
      below[i] -= STEP;
      slopes[i] = (logits.apply(above)[c] - logits.apply(below)[c]) / (2 * STEP);
    }
    return slopes;
  }

  /** As the papers write it, without the last ReLU; features and slopes are (k, cell). */
  private static double[] map(CamMethods method, double[] a, double[] g, int cells) {
    double[] map = new double[cells];
    for (int k = 0; k < a.length / cells; k++) {
      double sumA = 0;
      double sumG = 0;
      for (int i = k * cells; i < (k + 1) * cells; i++) {
        sumA += a[i];
        sumG += g[i];
      }
      double plusPlus = 0;
      for (int i = k * cells; i < (k + 1) * cells; i++) {
        double square = g[i] * g[i];
        double alpha = square == 0 ? 0 : square / (2 * square + sumA * square * g[i]);
        plusPlus += alpha * Math.max(0, g[i]);
      }
      for (int cell = 0; cell < cells; cell++) {
        int i = k * cells + cell;
        map[cell] +=
            a[i]
                * switch (method) {
                  case GRADCAM -> sumG / cells;
                  case LAYERCAM -> Math.max(0, g[i]);
                  case HIRESCAM -> g[i];
                  default -> plusPlus;
                };
      }
    }
    return map;
  }

  /** The layer: the last convolution where none is named, or one before the normalisation. */
  @ParameterizedTest
  @CsvSource({
    "GRADCAM, ''", "LAYERCAM, ''", "HIRESCAM, ''", "GRADCAMPP, ''",
    "GRADCAM, 0", "LAYERCAM, 0", "HIRESCAM, 0", "GRADCAMPP, 0"
  })
  void mapsAreThePapers(CamMethods method, String layer) throws Exception {
    MultiLayerNetwork network = network();
    Optional<String> name = Optional.of(layer).filter(given -> !given.isEmpty());
    ModelZip.Recognised model =
        ModelZip.recognise(
            network,
            "m.zip",
            6,
            6,
            1,
            ModelOptions.NONE.with(Optional.of(new ModelOptions.FeatureLayer(name))));
    UnaryOperator<double[]> logits =
        layer.isEmpty()
            ? maps -> logits(network, maps)
            : maps -> logits(network, secondConvolution(network, maps));
    byte[] pixels = new byte[IMAGES * 36];
    new Random(3).nextBytes(pixels);
    ExplanationBatch rows =
        explained(
            method,
            model.network(),
            model.parameters(),
            new ImageBlock(new ImageShape(6, 6, 1), new long[IMAGES], new int[IMAGES], pixels));
    ExplanationShape shape = rows.shape();
    assertEquals(layer.isEmpty() ? 4 : 36, shape.cells());
    for (int n = 0; n < IMAGES; n++) {
      double[] a = new double[shape.features()];
      for (int i = 0; i < a.length; i++) {
        int to = i % shape.channels() * shape.cells() + i / shape.channels();
        a[to] = rows.features()[n * a.length + i];
      }
      assertEquals(ExplanationBatch.NONE, rows.auditError()[n]);
      for (int c = 0; c < CLASSES; c++) {
        assertEquals(logits.apply(a)[c], rows.logits()[n * CLASSES + c], 1e-5);
        double[] expected = map(method, a, slopes(logits, a, c), shape.cells());
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int cell = 0; cell < expected.length; cell++) {
          float found = rows.camLow()[n * shape.maps() + c * shape.cells() + cell];
          assertEquals(expected[cell], found, 1e-5 * Math.max(1, largest));
        }
      }
    }
  }

  private static ExplanationBatch explained(
      CamMethods method, CamNetwork network, float[] parameters, ImageBlock images) {
    ForwardPass classifier = new ForwardPass(network, Engine.FAST.featureMaps(network));
    classifier.load(parameters);
    ExplanationBatch rows =
        new ExplanationBatch(ExplanationShape.of(network, method), images.count());
    new Explainer(method.method(), network, classifier, parameters)
        .explain(images, 0, images.count(), rows);
    return rows;
  }

  /** Where one dense layer weighs averages, all cells of a channel have the same gradient. */
  @ParameterizedTest
  @EnumSource(names = {"GRADCAM", "HIRESCAM"})
  void ofAnAverageTheyAreTheClassActivationMapByCells(CamMethods method) throws Exception {
    float[] parameters = GoldenNetwork.parameters();
    ImageBlock images = GoldenNetwork.images();
    ExplanationBatch cam = explained(CamMethods.CAM, GoldenNetwork.MODEL, parameters, images);
    ExplanationBatch found = explained(method, GoldenNetwork.MODEL, parameters, images);
    int cells = found.shape().cells();
    for (int i = 0; i < cam.count() * found.shape().maps(); i++) {
      assertEquals(cam.camLow()[i] / cells, found.camLow()[i], 1e-5);
    }
  }

  @Test
  void schemaSaysWhichMapsTheyAre() {
    ExplanationShape shape = ExplanationShape.of(GoldenNetwork.MODEL, CamMethods.LAYERCAM);
    var table = io.sparkcam.table.ExplanationSchema.of(shape).struct();
    assertTrue(table.apply("audit_error").nullable());
    assertEquals(
        "LayerCAM (Jiang et al. 2021) without its last ReLU at feature resolution, raw and signed",
        table.apply("cam_low").metadata().getString("comment"));
  }
}
