package io.sparkcam.network.file;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.TrainableNetwork;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A small residual network (K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image
 * Recognition", CVPR 2016, section 4.2, with one block a stage): a 3x3 convolution, three stages of
 * 16, 32 and 64 filters, the later two of stride 2, batch normalisation after each convolution,
 * then global average pooling and softmax. Where a block changes the size, its shortcut is a 1x1
 * convolution. 78,426 parameters for one channel and ten classes.
 */
final class ResNet {
  private static final int[] FILTERS = {16, 32, 64};

  private final GraphBuilder graph;

  private ResNet(GraphBuilder graph) {
    this.graph = graph;
  }

  /** The network for images of this size. */
  static TrainableNetwork of(int height, int width, int channels, int classes) throws IOException {
    String json = configuration(height, width, channels, classes).toJson();
    return StockNetwork.read(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
        "resnet",
        new ImageShape(height, width, channels),
        classes);
  }

  private static ComputationGraphConfiguration configuration(
      int height, int width, int channels, int classes) {
    ResNet network =
        new ResNet(
            new NeuralNetConfiguration.Builder()
                .weightInit(WeightInit.RELU)
                .convolutionMode(ConvolutionMode.Truncate)
                .graphBuilder()
                .addInputs("images")
                .setInputTypes(InputType.convolutional(height, width, channels)));
    String last = network.relu("stem", network.convolution("stem", "images", 3, FILTERS[0], 1));
    for (int stage = 0; stage < FILTERS.length; stage++) {
      last = network.block("stage" + (stage + 1), last, FILTERS[stage], stage == 0 ? 1 : 2);
    }
    return network
        .graph
        .addLayer("average", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), last)
        .addLayer(
            "classes",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .weightInit(WeightInit.XAVIER_UNIFORM)
                .activation(Activation.SOFTMAX)
                .build(),
            "average")
        .setOutputs("classes")
        .build();
  }

  private String block(String name, String input, int filters, int stride) {
    String first = relu(name + "-first", convolution(name + "-first", input, 3, filters, stride));
    String second = convolution(name + "-second", first, 3, filters, 1);
    String shortcut =
        stride == 1 ? input : convolution(name + "-shortcut", input, 1, filters, stride);
    graph.addVertex(
        name + "-sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, shortcut);
    return relu(name, name + "-sum");
  }

  /** Padded alike on all sides, so that the shortcut's cells look at the same pixels. */
  private String convolution(String name, String input, int kernel, int filters, int stride) {
    int padding = kernel / 2;
    graph.addLayer(
        name + "-convolution",
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(padding, padding)
            .nOut(filters)
            .hasBias(false)
            .activation(Activation.IDENTITY)
            .build(),
        input);
    graph.addLayer(
        name + "-normalisation", new BatchNormalization.Builder().build(), name + "-convolution");
    return name + "-normalisation";
  }

  private String relu(String name, String input) {
    graph.addLayer(name, new ActivationLayer.Builder().activation(Activation.RELU).build(), input);
    return name;
  }
}
