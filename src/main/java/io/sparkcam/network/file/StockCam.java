package io.sparkcam.network.file;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.FeatureVertex;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.StockFeatureMaps;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Any DL4J network that ends in global average pooling and a dense softmax layer, computed by
 * DL4J's own layers: what is not a {@link GapCnn}.
 *
 * @param configuration DL4J's of a computation graph, as JSON
 * @param vertex whose output is pooled
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
    int headOffset)
    implements CamNetwork {
  /**
   * Finds the three layers that CAM needs.
   *
   * @param path through the network
   * @throws IllegalArgumentException saying what is missing
   */
  static StockCam of(
      ComputationGraph network, LayerPath path, int height, int width, int channels) {
    List<LayerPath.Step> tail = path.tail();
    int last = tail.size() - 1;
    if (last < 0 || !ModelReader.isDenseSoftmax(tail.get(last).layer())) {
      throw new IllegalArgumentException("no dense softmax layer with bias at its end");
    }
    if (last < 1
        || !(tail.get(last - 1).layer() instanceof GlobalPoolingLayer pooling)
        || pooling.getPoolingType() != PoolingType.AVG) {
      throw new IllegalArgumentException("no global average pooling before its dense layer");
    }
    FeedForwardLayer dense = (FeedForwardLayer) tail.get(last).layer();
    FeatureVertex vertex =
        new FeatureVertex(tail.get(last - 1).input(), tail.get(last - 1).name(), path.format());
    INDArray features =
        features(network, vertex, Nd4j.zeros(DataType.FLOAT, 1, channels, height, width));
    if (features.rank() != 4 || features.size(3) != dense.getNIn()) {
      throw new IllegalArgumentException("what it pools are no feature maps");
    }
    ReceptiveField window = window(path, vertex.name(), height);
    return new StockCam(
        network.getConfiguration().toJson(),
        vertex,
        height,
        width,
        channels,
        (int) dense.getNOut(),
        (int) features.size(1),
        (int) features.size(2),
        (int) features.size(3),
        CellGrid.square(window.offset(), window.stride()),
        (int) network.numParams(),
        parametersBefore(network, tail.get(last).name()));
  }

  private static INDArray features(ComputationGraph network, FeatureVertex vertex, INDArray image) {
    try {
      return vertex.compute(network, image);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "does not take images of %dx%d with %d channels: %s"
              .formatted(image.size(2), image.size(3), image.size(1), e.getMessage()),
          e);
    }
  }

  private static ReceptiveField window(LayerPath path, String featureVertex, int height) {
    ReceptiveField window = ReceptiveField.ofPixels(height);
    for (LayerPath.Step step : path.steps()) {
      window = window.after(step.layer());
      if (step.name().equals(featureVertex)) {
        return window;
      }
    }
    return window;
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

  @Override
  public Optional<CellGrid> cellGrid() {
    return Optional.of(grid);
  }

  @Override
  public FeatureMaps stockFeatureMaps() {
    ComputationGraph network =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    network.init();
    return new StockFeatureMaps(this, network, vertex);
  }
}
