package io.sparkcam.network.file;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.BatchStatistics;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.Initialisation;
import io.sparkcam.network.TrainableNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A stack of DL4J's own layers that ends in global average pooling and a dense softmax layer,
 * trained and computed by DL4J.
 *
 * @param configuration DL4J's, as JSON
 * @param cam the same, as it is explained
 */
public record StockStack(String configuration, CamNetwork cam, List<BatchStatistics> statistics)
    implements TrainableNetwork {
  private static final String BRANCHES = "layers that branch, expected one after the other";

  /**
   * Reads the configuration of a network that is to be trained; it may come from anywhere.
   *
   * @param name of the file, for messages
   * @return a {@link GapCnn} where it is one
   * @throws IOException if it is none that is trained here
   */
  public static TrainableNetwork read(InputStream in, String name, ImageShape images, int classes)
      throws IOException {
    try {
      if (!(StoredConfiguration.read(in, name) instanceof StoredStack stored)) {
        throw new IllegalArgumentException(BRANCHES);
      }
      return of(stored.configuration(), name, images, classes);
    } catch (RuntimeException e) { // DL4J has many for layers that do not fit each other
      throw untrainable(name, e);
    }
  }

  /**
   * The network of a model, for so many classes.
   *
   * @param name of its file, for messages
   * @throws IOException if it is none that is trained here
   */
  public static TrainableNetwork of(Model model, String name, ImageShape images, int classes)
      throws IOException {
    try {
      if (!(model instanceof MultiLayerNetwork network)) {
        throw new IllegalArgumentException(BRANCHES);
      }
      MultiLayerConfiguration configuration = network.getLayerWiseConfigurations().clone();
      int last = configuration.getConfs().size() - 1;
      if (configuration.getConf(last).getLayer() instanceof OutputLayer output) {
        output.setNOut(classes);
      }
      return of(configuration, name, images, classes);
    } catch (RuntimeException e) { // the same
      throw untrainable(name, e);
    }
  }

  private static IOException untrainable(String name, RuntimeException e) {
    return new IOException(name + ": cannot be trained: " + e.getMessage(), e);
  }

  private static TrainableNetwork of(
      MultiLayerConfiguration configuration, String name, ImageShape images, int classes)
      throws IOException {
    for (NeuralNetConfiguration layer : configuration.getConfs()) {
      if (layer.getLayer().getIDropout() != null) {
        throw new IllegalArgumentException(
            "dropout, which would be another in each run, expected none");
      }
    }
    Layer last = configuration.getConf(configuration.getConfs().size() - 1).getLayer();
    if (!(last instanceof OutputLayer output && output.getLossFn() instanceof LossMCXENT)) {
      throw new IllegalArgumentException("no output layer of the loss MCXENT at its end");
    }
    if (output.getNOut() != classes) {
      throw new IllegalArgumentException(
          "%s classes, data has %s".formatted(output.getNOut(), classes));
    }
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    ModelZip.Recognised model =
        ModelZip.recognise(network, name, images.height(), images.width(), images.channels());
    if (model.network() instanceof GapCnn plain) {
      return plain;
    }
    if (model.head().length > 0 || model.network().headKind() != HeadKind.SOFTMAX) {
      throw new IllegalArgumentException("no average and dense softmax layer with bias at its end");
    }
    return new StockStack(configuration.toJson(), model.network(), BatchStatistics.of(network));
  }

  /** As configured, but for updaters and seed. */
  @Override
  public MultiLayerNetwork network(IUpdater updater, Initialisation initialisation, long seed) {
    MultiLayerConfiguration own = MultiLayerConfiguration.fromJson(configuration);
    for (NeuralNetConfiguration layer : own.getConfs()) {
      layer.setSeed(seed);
      if (layer.getLayer() instanceof BaseLayer trained) {
        trained.setIUpdater(updater);
        trained.setBiasUpdater(null);
      }
    }
    MultiLayerNetwork network = new MultiLayerNetwork(own);
    network.init();
    return network;
  }

  @Override
  public String description() {
    return MultiLayerConfiguration.fromJson(configuration).getConfs().stream()
            .map(layer -> layer.getLayer().getClass().getSimpleName())
            .collect(Collectors.joining(", "))
        + ": "
        + configuration.replaceAll("\\s+", " ");
  }

  @Override
  public int height() {
    return cam.height();
  }

  @Override
  public int width() {
    return cam.width();
  }

  @Override
  public int channels() {
    return cam.channels();
  }

  @Override
  public int classes() {
    return cam.classes();
  }

  @Override
  public int featureRows() {
    return cam.featureRows();
  }

  @Override
  public int featureColumns() {
    return cam.featureColumns();
  }

  @Override
  public int featureChannels() {
    return cam.featureChannels();
  }

  @Override
  public Optional<CellGrid> cellGrid() {
    return cam.cellGrid();
  }

  @Override
  public int parameterCount() {
    return cam.parameterCount();
  }

  @Override
  public int headOffset() {
    return cam.headOffset();
  }

  @Override
  public FeatureMaps stockFeatureMaps() {
    return cam.stockFeatureMaps();
  }
}
