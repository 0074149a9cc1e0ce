package io.sparkcam.network.file;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.FeatureVertex;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.StockFeatureMaps;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Any DL4J network that ends in global average pooling, or flattening, and one dense layer,
 * computed by DL4J's own layers: what is not a {@link GapCnn}.
 *
 * @param configuration DL4J's of a computation graph, as JSON
 * @param vertex whose output is pooled
 * @param headOffset where the dense layer's parameters start: among DL4J's own, or after them where
 *     they are not such as {@link io.sparkcam.network.GapHead} takes them
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
   * @throws IllegalArgumentException saying what is missing
   */
  static WithHead of(
      ComputationGraph network, LayerPath path, int height, int width, int channels) {
    List<LayerPath.Step> tail = path.tail();
    StockHead head = StockHead.of(network, tail, path.format());
    LayerPath.Step averaged = tail.get(tail.size() - (head.isFlattened() ? 1 : 2));
    FeatureVertex vertex = new FeatureVertex(averaged.input(), averaged.name(), path.format());
    INDArray features =
        features(network, vertex, Nd4j.zeros(DataType.FLOAT, 1, channels, height, width));
    boolean fits = features.rank() == 4;
    fits = fits && head.inputs() == (head.isFlattened() ? features.length() : features.size(3));
    if (!fits) {
      throw new IllegalArgumentException("what it pools are no feature maps");
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
            new CellGrid(
                axis(path, vertex.name(), ReceptiveField.ofPixels(0, height)),
                axis(path, vertex.name(), ReceptiveField.ofPixels(1, width))),
            Math.addExact(own, appended.length),
            head.isPlain() ? parametersBefore(network, tail.get(tail.size() - 1).name()) : own,
            head.kind(),
            head.isFlattened());
    return new WithHead(model, appended);
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
