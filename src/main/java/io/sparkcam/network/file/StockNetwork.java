package io.sparkcam.network.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.BatchStatistics;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.CellGrid;
import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.HeadKind;
import io.sparkcam.network.Initialisation;
import io.sparkcam.network.TrainableNetwork;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A network of DL4J's own layers that ends in global average pooling and a dense softmax layer,
 * trained and computed by DL4J. Its layers follow each other, or branch and join.
 *
 * @param configuration DL4J's, as JSON
 * @param cam the same, as it is explained
 */
public record StockNetwork(String configuration, CamNetwork cam, List<BatchStatistics> statistics)
    implements TrainableNetwork {
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
      return of(StoredConfiguration.read(in, name), name, images, classes);
    } catch (RuntimeException e) { // DL4J has many for layers that do not fit each other
      throw new IOException(name + ": cannot be trained: " + e.getMessage(), e);
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
    StoredNetwork stored =
        model instanceof MultiLayerNetwork stack
            ? new StoredStack(stack.getLayerWiseConfigurations().clone())
            : new StoredGraph(((ComputationGraph) model).getConfiguration().clone());
    if (stored.output() instanceof OutputLayer output) {
      output.setNOut(classes);
    }
    return read(new ByteArrayInputStream(stored.toJson().getBytes(UTF_8)), name, images, classes);
  }

  private static TrainableNetwork of(
      StoredNetwork stored, String name, ImageShape images, int classes) throws IOException {
    for (NeuralNetConfiguration layer : stored.layers()) {
      if (layer.getLayer().getIDropout() != null) {
        throw new IllegalArgumentException(
            "dropout, which would be another in each run, expected none");
      }
    }
    if (!(stored.output() instanceof OutputLayer output
        && output.getLossFn() instanceof LossMCXENT)) {
      throw new IllegalArgumentException("no output layer of the loss MCXENT at its end");
    }
    if (output.getNOut() != classes) {
      throw new IllegalArgumentException(
          "%s classes, data has %s".formatted(output.getNOut(), classes));
    }
    Model network = stored.fresh();
    ModelZip.Recognised model =
        ModelZip.recognise(network, name, images.height(), images.width(), images.channels());
    if (model.network() instanceof GapCnn plain) {
      return plain;
    }
    if (model.head().length > 0 || model.network().headKind() != HeadKind.SOFTMAX) {
      throw new IllegalArgumentException("no average and dense softmax layer with bias at its end");
    }
    return new StockNetwork(stored.toJson(), model.network(), BatchStatistics.of(network));
  }

  /** As configured, but for updaters and seed. */
  @Override
  public Model network(IUpdater updater, Initialisation initialisation, long seed) {
    StoredNetwork own = stored();
    for (NeuralNetConfiguration layer : own.layers()) {
      layer.setSeed(seed);
      if (layer.getLayer() instanceof BaseLayer trained) {
        trained.setIUpdater(updater);
        trained.setBiasUpdater(null);
      }
    }
    return own.fresh();
  }

  private StoredNetwork stored() {
    try {
      return StoredConfiguration.read(
          new ByteArrayInputStream(configuration.getBytes(UTF_8)), "network");
    } catch (IOException e) {
      throw new IllegalStateException(e); // it was read before
    }
  }

  @Override
  public String description() {
    return stored().layers().stream()
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
