package io.sparkcam.network.file;

import io.sparkcam.network.FeatureGradients;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.FeatureVertex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A DL4J network at work outside of training, forward from its images to its logits, and backward
 * from these to one of its layers. DL4J's own layers compute both, a vertex at a time, but for what
 * they do in training alone: dropout passes on everything, and batch normalisation, whose backward
 * pass is of the batch's statistics, is the affine map that it is with its own.
 */
final class DifferentiableMaps implements FeatureMaps, FeatureGradients {
  private final StockCam model;
  private final ComputationGraph network;
  private final LayerWorkspaceMgr arrays = LayerWorkspaceMgr.noWorkspaces();
  private final GraphVertex features;
  private final GraphVertex logits;

  /** What is between the features and the logits, from the first on; others are not on the way. */
  private final List<GraphVertex> between = new ArrayList<>();

  /** Of each vertex, by its index. */
  private final INDArray[] outputs;

  DifferentiableMaps(StockCam model) {
    this.model = model;
    ComputationGraphConfiguration configuration =
        ComputationGraphConfiguration.fromJson(model.configuration());
    for (var vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex layer) {
        layer.getLayerConf().getLayer().setIDropout(null);
        if (layer.getLayerConf().getLayer() instanceof BaseLayer own) {
          own.setWeightNoise(null);
        }
      }
    }
    network = new ComputationGraph(configuration);
    network.init();
    network.initGradientsView();
    List<LayerPath.Step> tail = LayerPath.of(configuration).tail();
    features = network.getVertex(model.vertex().name());
    logits = network.getVertex(tail.get(tail.size() - 1).name());
    outputs = new INDArray[network.getVertices().length];
    boolean[] after = new boolean[outputs.length];
    after[features.getVertexIndex()] = true;
    for (GraphVertex vertex : inOrder()) {
      for (VertexIndices input : inputs(vertex)) {
        if (after[input.getVertexIndex()] && !after[vertex.getVertexIndex()]) {
          after[vertex.getVertexIndex()] = true;
          between.add(vertex);
        }
      }
    }
    if (!between.remove(logits)) {
      throw new IllegalArgumentException(
          "its logits do not depend on layer " + model.vertex().name());
    }
  }

  /** As far as the logits, without the images. */
  private List<GraphVertex> inOrder() {
    List<GraphVertex> vertices = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (!vertex.isInputVertex()) {
        vertices.add(vertex);
      }
      if (vertex == logits) {
        break;
      }
    }
    return vertices;
  }

  private static VertexIndices[] inputs(GraphVertex vertex) {
    return vertex.getInputVertices();
  }

  @Override
  public void load(float[] parameters) {
    network.setParams(Nd4j.createFromArray(parameters).reshape(1, -1));
  }

  @Override
  public Optional<FeatureGradients> gradients() {
    return Optional.of(this);
  }

  @Override
  public void compute(int batch, float[] images, float[] values) {
    INDArray given =
        model
            .vertex()
            .given(
                Nd4j.create(
                    Arrays.copyOf(images, batch * model.inputSize()),
                    new long[] {batch, model.channels(), model.height(), model.width()}));
    network.setInput(0, given); // for preprocessors, which ask it for the size of the batch
    for (GraphVertex vertex : network.getVertices()) {
      if (vertex.isInputVertex()) {
        outputs[vertex.getVertexIndex()] = given;
      }
    }
    for (GraphVertex vertex : inOrder()) {
      give(vertex);
      if (vertex != logits) {
        outputs[vertex.getVertexIndex()] = vertex.doForward(false, arrays);
      }
    }
    copy(outputs[features.getVertexIndex()], values);
  }

  /** Copies of its inputs: outside of training DL4J's activations work in place. */
  private void give(GraphVertex vertex) {
    for (int i = 0; i < inputs(vertex).length; i++) {
      vertex.setInput(i, outputs[inputs(vertex)[i].getVertexIndex()].dup(), arrays);
    }
  }

  private void copy(INDArray maps, float[] values) {
    FeatureVertex vertex = model.vertex();
    float[] copied = vertex.channelsLast(maps).dup('c').data().asFloat();
    System.arraycopy(copied, 0, values, 0, copied.length);
  }

  @Override
  public void logits(int batch, float[] values) {
    Layer dense = logits.getLayer();
    INDArray product = dense.input().mmul(dense.getParam("W"));
    INDArray bias = dense.getParam("b");
    float[] found = (bias == null ? product : product.addRowVector(bias)).dup('c').data().asFloat();
    int own = found.length / batch;
    for (int n = 0; n < batch; n++) {
      for (int c = 0; c < model.classes(); c++) {
        // One output z is two classes with logits 0 and z.
        int from = c - (model.classes() - own);
        values[n * model.classes() + c] = from < 0 ? 0 : found[n * own + from];
      }
    }
  }

  @Override
  public void gradients(int batch, int c, float[] values) {
    INDArray[] errors = new INDArray[outputs.length];
    INDArray weights = logits.getLayer().getParam("W");
    long own = weights.size(1);
    long column = c - (model.classes() - own);
    if (column < 0) {
      Arrays.fill(values, 0, batch * model.featureSize(), 0f);
      return;
    }
    INDArray error = Nd4j.zeros(DataType.FLOAT, batch, weights.size(0));
    error.addiRowVector(weights.getColumn(column).reshape(1, -1));
    add(errors, logits, preprocessed(logits, error));
    for (int i = between.size() - 1; i >= 0; i--) {
      GraphVertex vertex = between.get(i);
      INDArray at = errors[vertex.getVertexIndex()];
      if (at != null) {
        add(errors, vertex, back(vertex, at));
      }
    }
    copy(errors[features.getVertexIndex()], values);
  }

  private static void add(INDArray[] errors, GraphVertex vertex, INDArray... found) {
    for (int i = 0; i < found.length; i++) {
      int input = inputs(vertex)[i].getVertexIndex();
      errors[input] = errors[input] == null ? found[i] : errors[input].add(found[i]);
    }
  }

  private INDArray[] back(GraphVertex vertex, INDArray error) {
    var conf = vertex.hasLayer() ? vertex.getLayer().conf().getLayer() : null;
    if (conf instanceof DropoutLayer) {
      return new INDArray[] {preprocessed(vertex, error)};
    }
    if (conf instanceof BatchNormalization normalisation) {
      INDArray slope = slope(vertex.getLayer(), normalisation);
      boolean last = error.rank() == 2 || model.vertex().format() == CNN2DFormat.NHWC;
      long[] sides = new long[error.rank()];
      Arrays.fill(sides, 1);
      sides[last ? sides.length - 1 : 1] = slope.length();
      return new INDArray[] {preprocessed(vertex, error.mul(slope.reshape(sides)))};
    }
    give(vertex);
    vertex.setEpsilon(error.dup());
    return vertex.doBackward(false, arrays).getSecond();
  }

  /** What comes to the vertex's input of an error of what its layer is given. */
  private INDArray preprocessed(GraphVertex vertex, INDArray error) {
    var preprocessor =
        ((org.deeplearning4j.nn.graph.vertex.impl.LayerVertex) vertex).getLayerPreProcessor();
    return preprocessor == null
        ? error
        : preprocessor.backprop(error.dup(), (int) error.size(0), arrays);
  }

  /** {@code gamma / sqrt(variance + epsilon)}, one a channel. */
  private static INDArray slope(Layer layer, BatchNormalization normalisation) {
    INDArray variance =
        normalisation.isUseLogStd()
            ? Transforms.exp(layer.getParam("log10stdev").mul(2 * Math.log(10)))
            : layer.getParam("var");
    INDArray deviation = Transforms.sqrt(variance.add(normalisation.getEps()));
    return normalisation.isLockGammaBeta()
        ? deviation.rdiv(normalisation.getGamma())
        : layer.getParam("gamma").div(deviation);
  }

  @Override
  public void close() {
    network.close();
  }
}
