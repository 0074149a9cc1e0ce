package io.sparkcam.network.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.network.GapCnn;
import io.sparkcam.network.RandomNetwork;
import io.sparkcam.network.TrainableNetwork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;

class ModelZipTest {
  private static final GapCnn SMALL = RandomNetwork.parse("1x4x4 3p 2", 3);
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "coefficients.bin";
  private static final String STATE = "updaterState.bin";

  private static MultiLayerNetwork network() {
    return SMALL.network(TrainableNetwork.adam(1e-3), 7);
  }

  private static byte[] saved(Model network) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelZip.write(network, out);
    return out.toByteArray();
  }

  private static Map<String, byte[]> entries() throws IOException {
    return entries(network());
  }

  private static Map<String, byte[]> entries(Model network) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(saved(network)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return out.toByteArray();
  }

  private static MultiLayerNetwork read(byte[] file) throws IOException {
    return (MultiLayerNetwork) model(file);
  }

  private static Model model(byte[] file) throws IOException {
    return ModelZip.read(new ByteArrayInputStream(file), "m.zip");
  }

  private static String refusal(byte[] file) {
    String message = assertThrows(IOException.class, () -> model(file)).getMessage();
    String start = "m.zip: is no DL4J model: ";
    assertTrue(message.startsWith(start), message);
    return message.substring(start.length());
  }

  private static String refusal(Map<String, byte[]> entries) throws IOException {
    return refusal(zip(entries));
  }

  private static String refusalOfConfiguration(String from, String to) throws IOException {
    return refusalOfConfiguration(entries(), from, to);
  }

  private static String refusalOfConfiguration(Map<String, byte[]> entries, String from, String to)
      throws IOException {
    String json = new String(entries.get(CONFIGURATION), StandardCharsets.UTF_8);
    String changed = json.replaceFirst(from, to);
    assertFalse(json.equals(changed), from);
    entries.put(CONFIGURATION, changed.getBytes(StandardCharsets.UTF_8));
    return refusal(entries);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsWhatDl4jWrites(boolean updater) throws IOException {
    MultiLayerNetwork network = network();
    network.getUpdater().getStateViewArray().assign(0.5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, out, updater);
    MultiLayerNetwork read = read(out.toByteArray());
    assertEquals(network.getLayerWiseConfigurations(), read.getLayerWiseConfigurations());
    assertEquals(network.params(), read.params());
    assertEquals(updater ? 0.5 : 0, read.getUpdater().getStateViewArray().getDouble(3));
  }

  @Test
  void whatIsReadIsWrittenAsTheSameBytes() throws IOException {
    byte[] file = saved(network());
    assertArrayEquals(file, saved(read(file)));
  }

  @Test
  void readsNetworksOfDoublesAndWithoutState() throws IOException {
    MultiLayerNetwork doubles =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new OutputLayer.Builder().nIn(2).nOut(2).build())
                .build());
    doubles.init();
    MultiLayerNetwork read = read(saved(doubles));
    assertEquals(DataType.DOUBLE, read.params().dataType());
    assertEquals(doubles.params(), read.params());
  }

  @Test
  void refusesOtherEntries() throws IOException {
    for (String name : new String[] {"../../x", "/etc/x", "configuration.json/", "x\u001b[31m"}) {
      Map<String, byte[]> entries = entries();
      entries.put(name, new byte[1]);
      assertEquals(
          "entry '"
              + name.replace('\u001b', '?')
              + "', expected only [configuration.json, coefficients.bin, updaterState.bin]",
          refusal(entries));
    }
  }

  /** DL4J would unpack the second by Java serialization, before anything else. */
  @ParameterizedTest
  @ValueSource(strings = {"normalizer.bin", "preprocessor.bin"})
  void refusesObjects(String name) throws IOException {
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(object)) {
      out.writeObject(new ImagePreProcessingScaler());
    }
    Map<String, byte[]> entries = entries();
    entries.put(name, object.toByteArray());
    assertEquals(
        name + ": objects are not read: images are given as pixels / 255, save it without",
        refusal(entries));
  }

  @Test
  void refusesEntriesTwiceMissingOrInAnotherOrder() throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put("configuration_json", entries.get(CONFIGURATION));
    byte[] file = zip(entries);
    byte[] alias = "configuration_json".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < file.length - alias.length; i++) {
      if (Arrays.equals(file, i, i + alias.length, alias, 0, alias.length)) {
        file[i + "configuration".length()] = '.';
      }
    }
    assertEquals("configuration.json: is there twice", refusal(file));

    Map<String, byte[]> first = new LinkedHashMap<>();
    first.put(PARAMETERS, entries.get(PARAMETERS));
    assertEquals(
        "coefficients.bin: entry 1, expected in the order"
            + " [configuration.json, coefficients.bin, updaterState.bin]",
        refusal(first));

    Map<String, byte[]> only = new LinkedHashMap<>();
    only.put(CONFIGURATION, entries.get(CONFIGURATION));
    assertEquals("has no coefficients.bin, found only configuration.json", refusal(only));
    assertEquals("no zip file", refusal("nothing of the kind".getBytes(StandardCharsets.UTF_8)));
  }

  /** A few MB that would inflate to a thousand times as much are read no further than needed. */
  @ParameterizedTest
  @CsvSource({
    "configuration.json, configuration.json: longer than 4194304 bytes",
    "coefficients.bin, coefficients.bin: goes on after its content",
    "updaterState.bin, updaterState.bin: goes on after its content"
  })
  void stopsAtTheEndOfWhatAnEntryHolds(String name, String message) throws IOException {
    Map<String, byte[]> entries = entries();
    byte[] content = entries.get(name);
    entries.put(name, Arrays.copyOf(content, content.length + (1 << 23)));
    assertEquals(message, refusal(entries));
  }

  @ParameterizedTest
  @ValueSource(strings = {PARAMETERS, STATE})
  void refusesArraysOfAnotherLength(String name) throws IOException {
    long expected = name.equals(PARAMETERS) ? SMALL.parameterCount() : 2L * SMALL.parameterCount();
    Map<String, byte[]> entries = entries();
    byte[] whole = entries.get(name);
    // The last of the shape in the first buffer, and the length in the head of the second.
    int rank = 2 + "MIXED_DATA_TYPES".length() + 8 + 2 + "LONG".length();
    int dimensions = (int) ByteBuffer.wrap(whole).getLong(rank);
    int shape = rank + 8 * dimensions;
    int length = rank + 8 * (2 * dimensions + 4) + 2 + "MIXED_DATA_TYPES".length();
    for (int place : new int[] {shape, length}) {
      byte[] lying = whole.clone();
      assertEquals(expected, ByteBuffer.wrap(lying).getLong(place));
      ByteBuffer.wrap(lying).putLong(place, 1L << 40);
      entries.put(name, lying);
      assertEquals(
          "%s: %d elements, expected a vector of %d"
              .formatted(name, place == length ? 1L << 40 : expected, expected),
          refusal(entries));
    }
    entries.put(name, Arrays.copyOf(whole, whole.length - 6));
    assertEquals(
        "%s: ends in element %d of %d".formatted(name, expected - 2, expected), refusal(entries));
  }

  /** A class is refused by its name: nothing of it runs, not even where Jackson would refuse it. */
  @ParameterizedTest
  @CsvSource({
    "'\"org[^\"]*ConvolutionLayer\"', '\"io.sparkcam.network.file.ModelZipTest$Trap\"'",
    "'\"org[^\"]*ConvolutionLayer\"', '\"org.deeplearning4j.nn.conf.layers.LSTM\"'",
    "'\"layer\" : \\{', '\"layer\" : [\"io.sparkcam.network.file.ModelZipTest$Trap\"], \"x\" : {'",
    "'\"layer\" : \\{', '\"l\\\\u0061yer\" : {\"\\\\u0040class\" : "
        + "\"io.sparkcam.network.file.ModelZipTest$Trap\"}, \"x\" : {'",
    "'\"org[^\"]*XavierUniform\"', '\"org.deeplearning4j.nn.conf.MultiLayerConfiguration\"'",
    "'\"org[^\"]*XavierUniform\"', '\"java.util.ArrayList\"'"
  })
  void refusesOtherClasses(String from, String to) throws IOException {
    String message = refusalOfConfiguration(from, to.replace("$", "\\$").replace("\\\\u", "\\\\u"));
    assertTrue(message.startsWith("configuration.json: class '"), message);
    assertTrue(message.endsWith("', expected one of DL4J's for convolutional networks"), message);
    assertFalse(sprung, message);
  }

  private static boolean sprung;

  /** Says when it is initialised. */
  static final class Trap {
    static {
      sprung = true;
    }

    private Trap() {}
  }

  @ParameterizedTest
  @CsvSource({
    "'\"nout\" : 3,', '\"nout\" : 9223372036854775807,',"
        + " 'layer 1: outputs 9223372036854775807, expected 0 to 1048576'",
    "'\"nout\" : 3,', '\"nout\" : -3,', 'layer 1: outputs -3, expected 0 to 1048576'",
    "'\"kernelSize\" : \\[ 3, 3', '\"kernelSize\" : [ 0, 3',"
        + " 'layer 1: kernel 0, expected 1 to 256'",
    "'\"kernelSize\" : \\[ 3, 3', '\"kernelSize\" : [ 3',"
        + " 'layer 1: kernel of 1 sides, expected 2'",
    "'\"padding\" : \\[ 0', '\"padding\" : [ -1',"
        + " 'configuration.json: -1 in padding, expected 0 to 32768'",
    "'\"padding\" : \\[ 0', '\"padding\" : [ 99999999999',"
        + " 'configuration.json: 99999999999 in padding, expected 0 to 32768'"
  })
  void refusesSizesThatNoLayerHas(String from, String to, String message) throws IOException {
    assertEquals(message, refusalOfConfiguration(from, to));
  }

  @Test
  void refusesMoreParametersThanMemoryIsGivenTo() throws IOException {
    assertEquals(
        "network: parameters 206158430211, expected 0 to 67108864",
        refusalOfConfiguration(
            "(?s)\"kernelSize\" : \\[ 3, 3(.*?)\"nin\" : 1,",
            "\"kernelSize\" : [ 256, 256$1\"nin\" : 1048576,"));
  }

  @Test
  void refusesNestingWithoutEnd() throws IOException {
    assertEquals(
        "configuration.json: nested deeper than 32",
        refusalOfConfiguration("\"cacheMode\" : \"NONE\"", "\"x\" : " + "[".repeat(1 << 20)));
  }

  /** Two branches that are added up, and their sum beside the image. */
  private static ComputationGraph graph() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(TrainableNetwork.adam(1e-3))
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image")
                .addLayer("a", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "image")
                .addLayer("b", new ConvolutionLayer.Builder(1, 1).nOut(2).build(), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addVertex("both", new MergeVertex(), "sum", "image")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "both")
                .addLayer(
                    "out",
                    new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build(),
                    "pool")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(4, 4, 1))
                .build());
    graph.init();
    return graph;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsGraphsThatDl4jWrites(boolean updater) throws IOException {
    ComputationGraph graph = graph();
    graph.getUpdater().getStateViewArray().assign(0.5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, out, updater);
    ComputationGraph read = (ComputationGraph) model(out.toByteArray());
    assertEquals(graph.getConfiguration(), read.getConfiguration());
    assertEquals(graph.params(), read.params());
    assertEquals(updater ? 0.5 : 0, read.getUpdater().getStateViewArray().getDouble(3));
    assertArrayEquals(saved(read), saved(model(saved(read))));
    assertEquals(3, ModelZip.recognise(read, "m.zip", 4, 4, 1).network().featureChannels());
  }

  /** The rest of what is let in, so that none is refused where its sizes are looked at. */
  @Test
  void readsLayersOfEveryKind() throws IOException {
    List<Layer> layers =
        List.of(
            new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
            new BatchNormalization.Builder().build(),
            new ActivationLayer(Activation.RELU),
            new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build(),
            new SeparableConvolution2D.Builder(3, 3).depthMultiplier(2).nOut(4).build(),
            new DropoutLayer.Builder(new SpatialDropout(0.5)).build(),
            new PReLULayer.Builder().inputShape(4, 8, 8).build(),
            new ZeroPaddingLayer(1, 1),
            new Cropping2D(1, 1),
            new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build(),
            new Upsampling2D.Builder(2).build(),
            new Deconvolution2D.Builder(3, 3).stride(2, 2).nOut(4).build(),
            new LocalResponseNormalization.Builder().build());
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .convolutionMode(ConvolutionMode.Same)
            .graphBuilder()
            .addInputs("image")
            .addVertex("scaled", new ScaleVertex(2), "image")
            .addVertex("shifted", new ShiftVertex(1), "scaled");
    String before = "shifted";
    for (Layer layer : layers) {
      String name = layer.getClass().getSimpleName();
      builder.addLayer(name, layer, before);
      before = name;
    }
    ComputationGraph graph =
        new ComputationGraph(
            builder
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), before)
                .addLayer(
                    "out",
                    new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build(),
                    "pool")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(8, 8, 1))
                .build());
    graph.init();
    Model read = model(saved(graph));
    assertEquals(graph.params(), read.params());
    assertEquals(4, ModelZip.recognise(read, "m.zip", 8, 8, 1).network().featureChannels());
  }

  @ParameterizedTest
  @CsvSource({
    "'\"depthMultiplier\" : 2', '\"depthMultiplier\" : 1000',"
        + " 'layer 1: depth multiplier 1000, expected 1 to 256'",
    "'\"nout\" : 2,', '\"nout\" : 1,', 'layer 1: outputs 1, expected 2 to 2'"
  })
  void refusesDepthwiseConvolutionsOfOtherOutputs(String from, String to, String message)
      throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DepthwiseConvolution2D.Builder(3, 3).nIn(1).depthMultiplier(2).build())
                .build());
    network.init();
    assertEquals(message, refusalOfConfiguration(entries(network), from, to));
  }

  /** Nothing that DL4J would follow without an end, or without looking. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '"b" : \\[ "a" \\]' | '"b" : [ "sum" ]' | a vertex before its inputs
          '"b" : \\[ "a" \\]' | '"b" : [ "a", "a" ]' | a vertex with the same input twice
          '"b" : \\[ "a" \\]' | '"b" : [ ]' | a vertex of no or many inputs
          '"b" : \\[ "a" \\]' | '"c" : [ "a" ]' | inputs of other vertices than it has
          '"networkOutputs" : \\[ "out"' | '"networkOutputs" : [ "c"' | outputs of no vertex
          '"topologicalOrder" : \\[ 0, 1' | '"topologicalOrder" : [ 0, 0' | an order of other vertices
          '"topologicalOrder" : \\[ 0, 1' | '"topologicalOrder" : [ 0, 9' | an order of other vertices
          '"topologicalOrder" : \\[ 0, 1' | '"topologicalOrder" : [ 1' | an order of other vertices
          '"image", "a", "b", "sum"' | '"image", "a", "a", "sum"' | two vertices of the same name
          """)
  void refusesGraphsThatDoNotGoTogether(String from, String to, String message) throws IOException {
    assertEquals("graph: has " + message, refusalOfConfiguration(entries(graph()), from, to));
  }

  @Test
  void refusesCirclesInGraphsWithoutAnOrder() throws IOException {
    Map<String, byte[]> entries = entries(graph());
    String json = new String(entries.get(CONFIGURATION), StandardCharsets.UTF_8);
    String unordered =
        json.replace("\"topologicalOrder\"", "\"x\"")
            .replaceFirst("\"topologicalOrderStr\" : \\[.*?\\]", "\"y\" : []");
    entries.put(CONFIGURATION, unordered.getBytes(StandardCharsets.UTF_8));
    assertEquals(graph().params(), model(zip(entries)).params());
    String message = refusalOfConfiguration(entries, "\"b\" : \\[ \"a\"", "\"b\" : [ \"sum\"");
    assertTrue(message.contains("cycle detected"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"org[^\"]*ElementWiseVertex\"', '\"io.sparkcam.network.file.ModelZipTest$Trap\"'",
    "'\"org[^\"]*ElementWiseVertex\"', '\"org.deeplearning4j.nn.conf.graph.FrozenVertex\"'",
    "'\"vertexInputs\" : \\{', '\"x\" : {\"vertexInputs\" : {\"layer\" : "
        + "[\"io.sparkcam.network.file.ModelZipTest$Trap\"]}}, \"vertexInputs\" : {'",
    "'\"layer\" : \\{', '\"networkInputs\" : "
        + "[\"io.sparkcam.network.file.ModelZipTest$Trap\"], \"layer\" : {'"
  })
  void refusesOtherClassesInGraphs(String from, String to) throws IOException {
    String message = refusalOfConfiguration(entries(graph()), from, to.replace("$", "\\$"));
    assertTrue(message.startsWith("configuration.json: class '"), message);
    assertFalse(sprung, message);
  }

  /** Names by which DL4J knew its classes before it wrote them out. */
  @Test
  void refusesOtherClassesByTheirOldNames() throws IOException {
    Map<String, byte[]> entries = entries();
    String json = "{\"confs\": [{\"layer\": {\"gravesLSTM\": {\"nin\": 1, \"nout\": 1}}}]}";
    entries.put(CONFIGURATION, json.getBytes(StandardCharsets.UTF_8));
    assertEquals(
        "configuration.json: class 'org.deeplearning4j.nn.conf.layers.GravesLSTM', expected one of"
            + " DL4J's for convolutional networks",
        refusal(entries));
  }

  @Test
  void refusesGraphsOfSizesThatNoLayerHas() throws IOException {
    assertEquals(
        "layer 1: outputs 9223372036854775807, expected 0 to 1048576",
        refusalOfConfiguration(
            entries(graph()), "\"nout\" : 2,", "\"nout\" : 9223372036854775807,"));
    assertEquals(
        "network: parameters 206158430211, expected 0 to 67108864",
        refusalOfConfiguration(
            entries(graph()),
            "(?s)\"kernelSize\" : \\[ 3, 3(.*?)\"nin\" : 1,(.*?)\"nout\" : 2",
            "\"kernelSize\" : [ 256, 256$1\"nin\" : 1048576,$2\"nout\" : 3"));
  }

  static List<Model> networksOfEitherForm() {
    return List.of(network(), graph());
  }

  @ParameterizedTest
  @MethodSource("networksOfEitherForm")
  void refusesNetworksWhoseOutputsWouldFillTheMemory(Model network) {
    IOException refused =
        assertThrows(IOException.class, () -> ModelZip.recognise(network, "m.zip", 8192, 8192, 1));
    assertTrue(
        refused
            .getMessage()
            .startsWith("m.zip: cannot be explained: network: outputs for an image"),
        refused.getMessage());
  }
}
