package io.sparkcam.network;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The network that class activation mapping asks for (Zhou et al. 2016): a {@link Trunk}, global
 * average pooling, one dense softmax layer.
 *
 * @param trunk the convolutions
 * @param classes number of classes
 */
public record GapCnn(Trunk trunk, int classes) implements TrainableNetwork {
  private static final List<Integer> LAB_FILTERS = List.of(16, 32, 64, 128);

  public GapCnn {
    if (classes < 2) {
      throw new IllegalArgumentException("classes: " + classes + ", expected at least 2");
    }
  }

  /**
   * The lab's network: convolutions 3x3 of 16, 32, 64 and 128 filters, pooling after each but the
   * last. 98,442 parameters for one channel and ten classes.
   */
  public static GapCnn lab(int height, int width, int channels, int classes) {
    return of(1, height, width, channels, classes);
  }

  /** The lab's network of twice the filters: 390,410 parameters for one channel and ten classes. */
  public static GapCnn wide(int height, int width, int channels, int classes) {
    return of(2, height, width, channels, classes);
  }

  private static GapCnn of(int times, int height, int width, int channels, int classes) {
    List<Trunk.Stage> stages =
        LAB_FILTERS.stream()
            .map(
                filters ->
                    new Trunk.Stage(
                        times * filters,
                        3,
                        !filters.equals(LAB_FILTERS.get(LAB_FILTERS.size() - 1))))
            .toList();
    return new GapCnn(new Trunk(height, width, channels, stages), classes);
  }

  @Override
  public int height() {
    return trunk.height();
  }

  @Override
  public int width() {
    return trunk.width();
  }

  @Override
  public int channels() {
    return trunk.channels();
  }

  @Override
  public int featureRows() {
    return trunk.featureRows();
  }

  @Override
  public int featureColumns() {
    return trunk.featureColumns();
  }

  @Override
  public int featureChannels() {
    return trunk.featureChannels();
  }

  /** A cell of stride s sees a window centred on the middle of its s pixels. */
  @Override
  public Optional<CellGrid> cellGrid() {
    int stride = trunk.featureStride();
    return Optional.of(CellGrid.square((stride - 1) / 2.0, stride));
  }

  @Override
  public int headOffset() {
    return trunk.parameterCount();
  }

  @Override
  public Optional<Trunk> plainStack() {
    return Optional.of(trunk);
  }

  @Override
  public FeatureMaps stockFeatureMaps() {
    MultiLayerNetwork network = network(TrainableNetwork.adam(0));
    // As a graph its layers are named by their numbers; the last two are the head.
    int pooling = network.getnLayers() - 2;
    return new StockFeatureMaps(
        this,
        network.toComputationGraph(),
        new FeatureVertex(String.valueOf(pooling - 1), String.valueOf(pooling), CNN2DFormat.NCHW));
  }

  @Override
  public String description() {
    return trunk + " -> " + classes;
  }

  /**
   * Number of all parameters, in the order of DL4J's flattened vector: the trunk's, then the
   * head's.
   */
  @Override
  public int parameterCount() {
    return trunk.parameterCount() + head().parameterCount();
  }

  /** The network of {@link #configuration}, for parameters that come from elsewhere. */
  public MultiLayerNetwork network(IUpdater updater) {
    return network(updater, 0);
  }

  @Override
  public MultiLayerNetwork network(IUpdater updater, long seed) {
    return network(updater, Initialisation.GLOROT, seed);
  }

  @Override
  public MultiLayerNetwork network(IUpdater updater, Initialisation initialisation, long seed) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration(updater, initialisation, seed));
    network.init();
    return network;
  }

  /**
   * Stock DL4J layers, NCHW, weights from {@code seed} (Glorot uniform in the dense layer), zero
   * biases, softmax cross-entropy.
   */
  public MultiLayerConfiguration configuration(
      IUpdater updater, Initialisation initialisation, long seed) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .updater(updater)
            .convolutionMode(ConvolutionMode.Same)
            .list();
    for (Trunk.Stage stage : trunk.stages()) {
      layers.layer(
          new ConvolutionLayer.Builder(stage.kernel(), stage.kernel())
              .nOut(stage.filters())
              .weightInit(initialisation.weights())
              .activation(Activation.RELU)
              .build());
      if (stage.pooled()) {
        layers.layer(
            new SubsamplingLayer.Builder(
                    SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                .convolutionMode(ConvolutionMode.Truncate)
                .build());
      }
    }
    return layers
        .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutional(trunk.height(), trunk.width(), trunk.channels()))
        .build();
  }
}
