package io.sparkcam.network.file;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.GapCnn;
import io.sparkcam.network.ModelOptions;
import io.sparkcam.network.ModelOptions.FeatureLayer;
import io.sparkcam.network.PixelScale;
import io.sparkcam.network.ScaledNetwork;
import io.sparkcam.network.TrainableNetwork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trained networks as DL4J's own model files: {@code MultiLayerNetwork.load} reads them without a
 * class of this project.
 */
public final class ModelZip {
  /** Zip's earliest time. The time of writing would make equal models unequal files. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** After a refusal: what needs no exact class activation map. */
  public static final String OR_GRADIENTS = "; gradients explain it: --method gradcam";

  private ModelZip() {}

  /** Writes a network with its updater's state; equal networks give equal bytes. */
  public static void write(Model network, OutputStream out) throws IOException {
    ByteArrayOutputStream timed = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, timed, true);
    try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(timed.toByteArray()));
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        ZipEntry timeless = new ZipEntry(entry.getName());
        timeless.setTimeLocal(NO_TIME);
        to.putNextEntry(timeless);
        from.transferTo(to);
        to.closeEntry();
      }
    }
  }

  /**
   * Reads a network, which may come from anywhere: nothing is unpacked but numbers, nothing larger
   * than the network itself, and no class is loaded but DL4J's own.
   *
   * @param name of the file, for messages
   */
  public static Model read(InputStream in, String name) throws IOException {
    try {
      return ModelArchive.read(in);
    } catch (IOException | RuntimeException e) {
      throw new IOException(name + ": is no DL4J model: " + e.getMessage(), e);
    }
  }

  /**
   * What a model turned out to be.
   *
   * @param dl4j the model to save
   * @param whyStock the reason why DL4J's own layers must compute it, where they must
   * @param head what follows DL4J's parameters
   */
  public record Recognised(
      CamNetwork network, Model dl4j, Optional<String> whyStock, float[] head) {

    /** As the network takes them: flattened in DL4J's order, then those of the head. */
    public float[] parameters() {
      float[] own = dl4j.params().dup().data().asFloat();
      float[] all = Arrays.copyOf(own, own.length + head.length);
      System.arraycopy(head, 0, all, own.length, head.length);
      return all;
    }

    /** The same, given pixels as it wants them. */
    public Recognised withPixels(PixelScale pixels) {
      return new Recognised(ScaledNetwork.of(network, pixels), dl4j, whyStock, head);
    }
  }

  /**
   * Finds out what CAM needs to know of a network.
   *
   * @param network a {@link MultiLayerNetwork} or {@link ComputationGraph}
   * @param name of its file, for messages
   * @throws IOException if it has no feature maps that are averaged or flattened for one dense
   *     layer
   */
  public static Recognised recognise(
      Model network, String name, int height, int width, int channels) throws IOException {
    return recognise(network, name, height, width, channels, ModelOptions.NONE);
  }

  /**
   * The same.
   *
   * @param options what makes probabilities of logits, where the network ends in these; the layer
   *     that gradients explain
   */
  public static Recognised recognise(
      Model network, String name, int height, int width, int channels, ModelOptions options)
      throws IOException {
    try {
      ComputationGraph graph = graph(network);
      LayerPath path = LayerPath.of(graph.getConfiguration());
      ModelLimits.requireActivations(
          graph.getConfiguration(), path.format(), height, width, channels);
      if (options.layer().flatMap(FeatureLayer::name).isPresent()) {
        return byGradients(network, graph, path, height, width, channels, options);
      }
      String whyStock;
      try {
        GapCnn model = gapCnn(path, height, width);
        if (model.channels() != channels) {
          throw new IOException(
              name + ": takes " + model.channels() + " channels, the images have " + channels);
        }
        return new Recognised(model, layered(network, model), Optional.empty(), new float[0]);
      } catch (IllegalArgumentException notFast) {
        whyStock = notFast.getMessage();
      }
      StockCam.WithHead stock;
      try {
        stock = StockCam.of(graph, path, height, width, channels, options.head());
      } catch (IllegalArgumentException e) {
        if (options.layer().isPresent()) {
          return byGradients(network, graph, path, height, width, channels, options);
        }
        throw new IllegalArgumentException(e.getMessage() + OR_GRADIENTS, e);
      }
      return new Recognised(stock.network(), network, Optional.of(whyStock), stock.head());
    } catch (RuntimeException e) { // DL4J has many for layers that do not fit each other
      throw new IOException(name + ": cannot be explained: " + e.getMessage(), e);
    }
  }

  private static Recognised byGradients(
      Model network,
      ComputationGraph graph,
      LayerPath path,
      int height,
      int width,
      int channels,
      ModelOptions options) {
    StockCam model =
        StockCam.byGradients(
            graph, path, height, width, channels, options.head(), options.layer().orElseThrow());
    String why = "gradients by the output of layer " + model.vertex().name();
    return new Recognised(model, network, Optional.of(why), new float[0]);
  }

  private static GapCnn gapCnn(LayerPath path, int height, int width) {
    if (!path.isWhole()) {
      throw new IllegalArgumentException("its layers branch");
    }
    List<Layer> layers = path.tail().stream().map(LayerPath.Step::layer).toList();
    return ModelReader.read(layers, height, width);
  }

  /**
   * The same network with another head: the average of its features, a dense layer, softmax.
   *
   * @param parameters weights of the K averages a class after the other, then biases
   */
  public static Model withHead(Recognised model, int classes, float[] parameters) {
    if (model.network() instanceof GapCnn cnn) {
      MultiLayerNetwork layers = new GapCnn(cnn.trunk(), classes).network(TrainableNetwork.adam(0));
      float[] all = Arrays.copyOf(model.parameters(), cnn.headOffset() + parameters.length);
      System.arraycopy(parameters, 0, all, cnn.headOffset(), parameters.length);
      layers.setParams(Nd4j.createFromArray(all));
      return layers;
    }
    return ((StockCam) model.network()).withHead(graph(model.dl4j()), classes, parameters);
  }

  private static ComputationGraph graph(Model network) {
    return network instanceof MultiLayerNetwork layers
        ? layers.toComputationGraph()
        : (ComputationGraph) network;
  }

  /** The layers of a graph in which none branches have their parameters in the same order. */
  private static Model layered(Model network, GapCnn model) {
    if (network instanceof MultiLayerNetwork) {
      return network;
    }
    MultiLayerNetwork layers = model.network(TrainableNetwork.adam(0));
    layers.setParams(network.params());
    return layers;
  }
}
