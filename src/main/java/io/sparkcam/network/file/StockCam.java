package io.sparkcam.network.file;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.FeatureVertex;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.ModelOptions.FeatureLayer;
import io.sparkcam.network.StockFeatureMaps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A DL4J network computed by DL4J's own layers: what is not a {@link GapCnn}. It ends in global
 * average pooling, or flattening, and one dense layer, or is explained by gradients.
 *
 * @param configuration DL4J's of a computation graph, as JSON
 * @param vertex whose output is pooled, or explained by gradients
 * @param grid null where it is not known where cells look
 * @param headOffset where the dense layer's parameters start: among DL4J's own, or after them where
 *     they are not such as {@link io.sparkcam.network.GapHead} takes them; {@link #BY_GRADIENTS}
 */
public record StockCam(
    String configuration,
    FeatureVertex vertex,
    int height,
    int width,
    int channels,
    int classes,
    int featureRows,
    int featureColumns,
    int featureChannels,
    CellGrid grid,
    int parameterCount,
    int headOffset,
    HeadKind headKind,
    boolean isFlattened)
    implements CamNetwork {
  /** Stands for the offset of a head where the features are not those of one dense layer. */
  static final int BY_GRADIENTS = -1;

  private static final String POOLING = "head-average";
  private static final String HEAD = "head-dense";

  /**
   * A network with the parameters of its head.
   *
   * @param head to be appended to DL4J's parameters; empty where they are among them
   */
  record WithHead(StockCam network, float[] head) {}

  /**
   * Finds the layers that CAM needs.
   *
   * @param path through the network
   * @param asked what makes probabilities of logits, where the network ends in these
   * @throws IllegalArgumentException saying what is missing
   */
  static WithHead of(
      ComputationGraph network,
      LayerPath path,
      int height,
      int width,
      int channels,
      Optional<HeadKind> asked) {
    List<LayerPath.Step> tail = path.tail();
    StockHead head = StockHead.of(network, tail, path.format(), asked);
    LayerPath.Step averaged = tail.get(tail.size() - (head.isFlattened() ? 1 : 2));
    FeatureVertex vertex = new FeatureVertex(averaged.input(), averaged.name(), path.format());
    INDArray features =
        features(network, vertex, Nd4j.zeros(DataType.FLOAT, 1, channels, height, width));
    boolean fits = features.rank() == 4;
    fits = fits && head.inputs() == (head.isFlattened() ? features.length() : features.size(3));
    if (!fits) {
      throw new IllegalArgumentException("what it pools are no feature maps");
    }
    if (features.size(1) * features.size(2) == 1 && height * width > 1) {
      throw new IllegalArgumentException(
          "one cell is left of the image before its last dense layer: no map of where");
    }
    float[] appended =
        head.isPlain() ? new float[0] : head.parameters(features.size(1) * features.size(2));
    int own = (int) network.numParams();
    StockCam model =
        new StockCam(
            network.getConfiguration().toJson(),
            vertex,
            height,
            width,
            channels,
            head.classes(),
            (int) features.size(1),
            (int) features.size(2),
            (int) features.size(3),
            grid(path, vertex.name(), height, width),
            Math.addExact(own, appended.length),
            head.isPlain() ? parametersBefore(network, tail.get(tail.size() - 1).name()) : own,
            head.kind(),
            head.isFlattened());
    return new WithHead(model, appended);
  }

  /**
   * Any network whose logits are those of a dense layer, explained by their gradients.
   *
   * @param layer whose output the gradients are taken by
   * @throws IllegalArgumentException saying what is in the way
   */
  static StockCam byGradients(
      ComputationGraph network,
      LayerPath path,
      int height,
      int width,
      int channels,
      Optional<HeadKind> asked,
      FeatureLayer layer) {
    StockHead head = StockHead.last(network, path.tail(), asked);
    FeatureVertex any = new FeatureVertex("", "", path.format());
    INDArray image = any.given(Nd4j.zeros(DataType.FLOAT, 1, channels, height, width));
    Map<String, INDArray> shapes = new HashMap<>();
    network
        .feedForward(new INDArray[] {image}, false)
        .forEach((name, output) -> shapes.put(name, any.channelsLast(output)));
    List<String> maps = new ArrayList<>();
    for (String name : network.getConfiguration().getTopologicalOrderStr()) {
      INDArray output = shapes.get(name);
      boolean several = output.rank() == 4 && output.size(1) * output.size(2) > 1;
      if (several && network.getConfiguration().getVertices().containsKey(name)) {
        maps.add(name);
      }
    }
    String name = layer.name().orElseGet(() -> lastConvolution(network.getConfiguration(), maps));
    if (!maps.contains(name)) {
      throw new IllegalArgumentException(
          "no layer '%s' of several cells, it has %s".formatted(name, String.join(", ", maps)));
    }
    INDArray features = shapes.get(name);
    return new StockCam(
        network.getConfiguration().toJson(),
        new FeatureVertex(name, name, path.format()),
        height,
        width,
        channels,
        head.classes(),
        (int) features.size(1),
        (int) features.size(2),
        (int) features.size(3),
        path.has(name) ? grid(path, name, height, width) : null,
        Math.toIntExact(network.numParams()),
        BY_GRADIENTS,
        head.kind(),
        false);
  }

  /**
   * The last of these that is a convolution, or the normalisation and activation after it.
   *
   * @param maps names of vertices that give several cells, in their order
   */
  private static String lastConvolution(ComputationGraphConfiguration network, List<String> maps) {
    String last = null;
    for (String name : maps) {
      if (layer(network, name) instanceof ConvolutionLayer) {
        last = name;
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("no convolution that gives several cells");
    }
    for (String name : maps) {
      boolean alone = network.getVertexInputs().get(name).equals(List.of(last));
      Layer layer = layer(network, name);
      if (alone && (layer instanceof BatchNormalization || layer instanceof ActivationLayer)) {
        last = name;
      }
    }
    return last;
  }

  private static Layer layer(ComputationGraphConfiguration network, String name) {
    return network.getVertices().get(name) instanceof LayerVertex vertex
        ? vertex.getLayerConf().getLayer()
        : null;
  }

  private static INDArray features(ComputationGraph network, FeatureVertex vertex, INDArray image) {
    try {
      return vertex.compute(network, image);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "does not take images of %sx%s with %s channels: %s"
              .formatted(image.size(2), image.size(3), image.size(1), e.getMessage()),
          e);
    }
  }

  private static CellGrid grid(LayerPath path, String vertex, int height, int width) {
    return new CellGrid(
        axis(path, vertex, ReceptiveField.ofPixels(0, height)),
        axis(path, vertex, ReceptiveField.ofPixels(1, width)));
  }

  private static CellGrid.Axis axis(LayerPath path, String featureVertex, ReceptiveField pixels) {
    ReceptiveField field = pixels;
    for (LayerPath.Step step : path.steps()) {
      field = field.after(step.layer());
      if (step.name().equals(featureVertex)) {
        break;
      }
    }
    return new CellGrid.Axis(field.offset(), field.stride());
  }

  /** How many parameters lie before those of a layer: they are flattened in topological order. */
  private static int parametersBefore(ComputationGraph network, String layer) {
    long count = 0;
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.getVertexName().equals(layer)) {
        break;
      }
      count += vertex.numParams();
    }
    return Math.toIntExact(count);
  }

  /**
   * A network as far as the features, followed by their average, a dense layer and softmax.
   *
   * @param parameters weights of the K averages a class after the other, then biases
   */
  ComputationGraph withHead(ComputationGraph whole, int classes, float[] parameters) {
    ComputationGraphConfiguration own = whole.getConfiguration();
    Set<String> needed = new HashSet<>(Set.of(vertex.name()));
    List<String> order = own.getTopologicalOrderStr();
    for (int i = order.size() - 1; i >= 0; i--) {
      if (needed.contains(order.get(i))) {
        needed.addAll(own.getVertexInputs().getOrDefault(order.get(i), List.of()));
      }
    }
    TransferLearning.GraphBuilder builder = new TransferLearning.GraphBuilder(whole);
    for (String name : own.getVertices().keySet()) {
      if (!needed.contains(name)) {
        builder.removeVertexAndConnections(name);
      }
    }
    int[] planes = vertex.format() == CNN2DFormat.NHWC ? new int[] {1, 2} : new int[] {2, 3};
    ComputationGraph graph =
        builder
            .addLayer(
                POOLING,
                new GlobalPoolingLayer.Builder(PoolingType.AVG).poolingDimensions(planes).build(),
                vertex.name())
            .addLayer(
                HEAD,
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nIn(featureChannels)
                    .nOut(classes)
                    .activation(Activation.SOFTMAX)
                    .build(),
                POOLING)
            .setOutputs(HEAD)
            .build();
    graph.getLayer(HEAD).setParams(Nd4j.createFromArray(parameters).reshape(1, -1));
    return graph;
  }

  @Override
  public Optional<CellGrid> cellGrid() {
    return Optional.ofNullable(grid);
  }

  @Override
  public FeatureMaps stockFeatureMaps() {
    if (headOffset == BY_GRADIENTS) {
      return new DifferentiableMaps(this);
    }
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    network.init();
    return new StockFeatureMaps(this, network, vertex);
  }
}
