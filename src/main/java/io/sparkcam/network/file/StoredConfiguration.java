package io.sparkcam.network.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;

/**
 * A network's configuration as DL4J writes it: JSON that names the classes of its objects. Every
 * such name is looked at before DL4J sees the text, because Jackson loads and initialises a class
 * before it finds that it does not belong there.
 */
final class StoredConfiguration {
  /** Of the text: a layer takes about 1.5 KiB. */
  private static final int MOST_BYTES = 1 << 22;

  /** Of objects and arrays within each other: DL4J nests about six. */
  private static final int DEEPEST = 32;

  /** Of a whole number in an array: kernels, strides, paddings, shapes. */
  private static final int LARGEST_SIZE = 1 << 15;

  /** Properties that Jackson takes the name of a class from, in DL4J's annotations. */
  private static final Set<String> CLASS_KEYS = Set.of("@class", "type");

  /**
   * Properties of names in an array: of a layer, of a graph, and a graph's by vertex. Elsewhere
   * Jackson takes the first string of an array for a class.
   */
  private static final String VARIABLES = "variables";

  private static final Set<String> NAMES =
      Set.of("networkInputs", "networkOutputs", "topologicalOrderStr");
  private static final String VERTEX_INPUTS = "vertexInputs";

  /** What only a graph has. */
  private static final String VERTICES = "vertices";

  private static final List<String> PACKAGES =
      List.of("org.deeplearning4j.nn.", "org.deeplearning4j.preprocessors.", "org.nd4j.linalg.");

  /** Those that convolutional networks of images are made of. */
  private static final Set<Class<?>> LAYERS =
      Set.of(
          ActivationLayer.class,
          BatchNormalization.class,
          Convolution2D.class,
          ConvolutionLayer.class,
          Cropping2D.class,
          Deconvolution2D.class,
          DenseLayer.class,
          DepthwiseConvolution2D.class,
          DropoutLayer.class,
          GlobalPoolingLayer.class,
          LocalResponseNormalization.class,
          LossLayer.class,
          OutputLayer.class,
          PReLULayer.class,
          Pooling2D.class,
          SeparableConvolution2D.class,
          SpaceToDepthLayer.class,
          SubsamplingLayer.class,
          Upsampling2D.class,
          ZeroPaddingLayer.class);

  /** What a graph joins them by: each takes images to images and has no parameters of its own. */
  private static final Set<Class<?>> JOINS =
      Set.of(
          ElementWiseVertex.class,
          LayerVertex.class,
          MergeVertex.class,
          PoolHelperVertex.class,
          PreprocessorVertex.class,
          ScaleVertex.class,
          ShiftVertex.class);

  /** What layers are given. */
  private static final List<Class<?>> PARTS =
      List.of(
          Distribution.class,
          IActivation.class,
          IDropout.class,
          ILossFunction.class,
          ISchedule.class,
          IUpdater.class,
          IWeightInit.class,
          IWeightNoise.class,
          InputPreProcessor.class,
          LayerConstraint.class,
          Regularization.class);

  private final String place;
  private final Deque<String> keys = new ArrayDeque<>();
  private boolean graph;

  private StoredConfiguration(String place) {
    this.place = place;
  }

  /**
   * Reads a configuration to the end of the stream.
   *
   * @param place for messages
   */
  static StoredNetwork read(InputStream in, String place) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException(place + ": longer than " + MOST_BYTES + " bytes");
    }
    String json;
    try {
      json = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(place + ": not UTF-8 text", e);
    }
    StoredConfiguration checked = new StoredConfiguration(place);
    checked.check(json);
    StoredNetwork network =
        checked.graph
            ? new StoredGraph(ComputationGraphConfiguration.fromJson(json))
            : new StoredStack(MultiLayerConfiguration.fromJson(json));
    // DL4J knows older names of classes, too, by which any of its own may have come in.
    for (Class<?> part : network.parts()) {
      checked.requireKnown(part.getName());
    }
    ModelLimits.requireSizes(network.layers());
    return network;
  }

  private void check(String json) throws IOException {
    try (JsonParser tokens = new JsonFactory().createParser(json)) {
      for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
        check(token, tokens);
      }
    }
  }

  private void check(JsonToken token, JsonParser tokens) throws IOException {
    switch (token) {
      case START_OBJECT, START_ARRAY -> {
        String key = tokens.getParsingContext().getParent().getCurrentName();
        keys.push(key == null ? "" : key);
        if (keys.size() > DEEPEST) {
          throw new IOException(place + ": nested deeper than " + DEEPEST);
        }
      }
      case END_OBJECT, END_ARRAY -> keys.pop();
      case FIELD_NAME -> {
        graph |= keys.size() == 1 && VERTICES.equals(tokens.getCurrentName());
      }
      case VALUE_STRING -> {
        boolean inArray = tokens.getParsingContext().inArray();
        if (inArray ? !holdsNames() : CLASS_KEYS.contains(tokens.getCurrentName())) {
          requireKnown(tokens.getText());
        }
      }
      case VALUE_NUMBER_INT -> {
        if (tokens.getParsingContext().inArray()) {
          requireSize(tokens);
        }
      }
      default -> {
        // names nothing and sizes nothing
      }
    }
  }

  /** Whether the strings of the array are names of something else than a class. */
  private boolean holdsNames() {
    Iterator<String> fromRoot = keys.descendingIterator();
    fromRoot.next();
    return switch (keys.size()) {
      case 2 -> NAMES.contains(keys.peek());
      case 3 -> VERTEX_INPUTS.equals(fromRoot.next()) || VARIABLES.equals(keys.peek());
      default -> VARIABLES.equals(keys.peek());
    };
  }

  private void requireSize(JsonParser tokens) throws IOException {
    String text = tokens.getText();
    boolean fits = text.matches("\\d{1,6}") && Integer.parseInt(text) <= LARGEST_SIZE;
    if (!fits) {
      throw new IOException(
          "%s: %.40s in %s, expected 0 to %s".formatted(place, text, keys.peek(), LARGEST_SIZE));
    }
  }

  private void requireKnown(String name) throws IOException {
    if (!known(name)) {
      throw new IOException(
          "%s: class '%.80s', expected one of DL4J's for convolutional networks"
              .formatted(place, name.replaceAll("[^\\x21-\\x7e]", "?")));
    }
  }

  private static boolean known(String name) {
    if (PACKAGES.stream().noneMatch(name::startsWith)) {
      return false;
    }
    try {
      // Found, not initialised.
      Class<?> named = Class.forName(name, false, MultiLayerConfiguration.class.getClassLoader());
      return LAYERS.contains(named)
          || JOINS.contains(named)
          || PARTS.stream().anyMatch(part -> part.isAssignableFrom(named));
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
