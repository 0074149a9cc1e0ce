package io.sparkcam.network.file.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.OperatorSetIdProto;
import onnx.OnnxMl.TensorProto;
import onnx.OnnxMl.TensorProto.DataLocation;
import onnx.OnnxMl.ValueInfoProto;
import org.nd4j.shade.protobuf.CodedInputStream;

/**
 * The graph of an ONNX file: standard operators in the order of their computation, one input, all
 * constants inside.
 */
final class OnnxGraph {
  /** The newest set of standard operators that ONNX Runtime 1.28 computes. */
  static final long NEWEST_OPSET = 26;

  private static final int MOST_NODES = 20_000;
  private static final Set<String> STANDARD = Set.of("", "ai.onnx");

  private final ModelProto model;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, ConstantTensor> constants = new HashMap<>();
  private final ValueInfoProto input;
  private final long opset;

  private OnnxGraph(ModelProto model) {
    this.model = model;
    GraphProto graph = model.getGraph();
    requireStandard(graph);
    this.opset = importedOpset();
    for (TensorProto tensor : graph.getInitializerList()) {
      constant(tensor.getName(), tensor);
    }
    this.input = onlyInput(graph);
    Set<String> known = new HashSet<>(constants.keySet());
    known.add(input.getName());
    for (NodeProto proto : graph.getNodeList()) {
      add(new OnnxNode(proto), known);
    }
  }

  /**
   * Reads a file that may come from anywhere.
   *
   * @throws IOException if it is no ONNX file
   * @throws IllegalArgumentException if it is one that is not computed here, saying why
   */
  static OnnxGraph read(byte[] file) throws IOException {
    WireLimits.require(file);
    CodedInputStream in = CodedInputStream.newInstance(file);
    in.enableAliasing(true);
    return new OnnxGraph(ModelProto.parseFrom(in));
  }

  private void requireStandard(GraphProto graph) {
    require(graph.getNodeCount() > 0, "has no graph");
    require(
        graph.getNodeCount() <= MOST_NODES,
        "has %d operators, expected at most %d",
        graph.getNodeCount(),
        MOST_NODES);
    require(model.getFunctionsCount() == 0, "has functions of its own, expected operators only");
    require(graph.getSparseInitializerCount() == 0, "has sparse constants, expected dense ones");
  }

  private long importedOpset() {
    long found = 0;
    for (OperatorSetIdProto imported : model.getOpsetImportList()) {
      if (STANDARD.contains(imported.getDomain())) {
        found = imported.getVersion();
      }
    }
    require(
        found >= 1 && found <= NEWEST_OPSET,
        "uses opset %d, expected 1 to %d: export it with a lower opset_version",
        found,
        NEWEST_OPSET);
    return found;
  }

  /** Until version 3 of the format constants were inputs, too. */
  private ValueInfoProto onlyInput(GraphProto graph) {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !constants.containsKey(i.getName())).toList();
    require(inputs.size() == 1, "takes %d inputs, expected images alone", inputs.size());
    return inputs.get(0);
  }

  private void add(OnnxNode node, Set<String> known) {
    require(
        STANDARD.contains(node.proto().getDomain()),
        "%s is of the domain %s, expected standard operators",
        node,
        node.proto().getDomain());
    require(!node.outputs().isEmpty(), "%s has no output", node);
    for (AttributeProto attribute : node.proto().getAttributeList()) {
      require(
          !attribute.hasG() && attribute.getGraphsCount() == 0,
          "%s holds a graph of its own, expected no control flow",
          node);
      require(
          !attribute.hasSparseTensor() && attribute.getSparseTensorsCount() == 0,
          "%s holds a sparse tensor, expected dense ones",
          node);
      if (attribute.hasT()) {
        requireInside(node.output(), attribute.getT());
      }
      attribute.getTensorsList().forEach(tensor -> requireInside(node.output(), tensor));
    }
    for (String name : node.inputs()) {
      require(
          name.isEmpty() || known.contains(name),
          "%s reads '%s', which nothing before it computes",
          node,
          name);
    }
    for (String name : node.outputs()) {
      require(name.isEmpty() || known.add(name), "'%s' is computed twice", name);
      producers.put(name, node);
    }
    if (node.operator().equals("Constant")) {
      constant(node.output(), value(node));
    }
    nodes.add(node);
  }

  private static TensorProto value(OnnxNode node) {
    TensorProto.Builder tensor = TensorProto.newBuilder();
    AttributeProto.AttributeType none = AttributeProto.AttributeType.UNDEFINED;
    for (String name : List.of("value_int", "value_ints", "value_float", "value_floats")) {
      AttributeProto found = node.attribute(name);
      if (!node.has(name) || found.getType() == none) {
        continue;
      }
      switch (name) {
        case "value_int" ->
            tensor.setDataType(TensorProto.DataType.INT64_VALUE).addInt64Data(found.getI());
        case "value_ints" ->
            tensor
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addAllInt64Data(found.getIntsList())
                .addDims(found.getIntsCount());
        case "value_float" ->
            tensor.setDataType(TensorProto.DataType.FLOAT_VALUE).addFloatData(found.getF());
        default ->
            tensor
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addAllFloatData(found.getFloatsList())
                .addDims(found.getFloatsCount());
      }
      return tensor.build();
    }
    require(node.has("value"), "%s holds no numbers", node);
    return node.attribute("value").getT();
  }

  private void constant(String name, TensorProto tensor) {
    requireInside(name, tensor);
    ConstantTensor constant = new ConstantTensor(name, tensor);
    if (constant.isFloating()) {
      float[] values = constant.floats();
      for (int i = 0; i < values.length; i++) {
        // A bound may be infinite: a scalar.
        require(
            Float.isFinite(values[i]) || (constant.dims().length == 0 && !Float.isNaN(values[i])),
            "%s: value %d is %s, expected finite ones",
            constant,
            i,
            values[i]);
      }
    }
    require(constants.put(name, constant) == null, "constant '%s' is there twice", name);
  }

  private static void requireInside(String name, TensorProto tensor) {
    require(
        tensor.getDataLocation() == DataLocation.DEFAULT && tensor.getExternalDataCount() == 0,
        "keeps '%s' in a file beside it, expected one file: export it with external_data=False",
        name);
  }

  static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
    }
  }

  /** What takes the images. */
  ValueInfoProto input() {
    return input;
  }

  /** Names of what it computes. */
  List<String> outputs() {
    return model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
  }

  /** In the order of their computation. */
  List<OnnxNode> nodes() {
    return nodes;
  }

  /** The version of its operators. */
  long opset() {
    return opset;
  }

  /** What computes a tensor; empty for the input and for initialisers. */
  Optional<OnnxNode> producer(String tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  /** The values that a tensor always has, where the graph holds them. */
  Optional<ConstantTensor> constant(String tensor) {
    return Optional.ofNullable(constants.get(tensor));
  }

  ModelProto model() {
    return model;
  }
}
