package io.sparkcam.network.file.onnx;

import io.sparkcam.data.ImageShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.OperatorSetIdProto;
import onnx.OnnxMl.TensorProto;
import onnx.OnnxMl.TensorShapeProto;
import onnx.OnnxMl.TypeProto;
import onnx.OnnxMl.ValueInfoProto;

/**
 * Writes the part of a graph that some of its tensors need, as an ONNX file of its own. It takes
 * images {@code (batch, C, H, W)} whatever the graph takes, and gives features {@code (batch, h, w,
 * K)}; the runtime cancels the transpositions where it can.
 */
final class OnnxTrunk {
  /** Name of the input. */
  static final String IMAGES = "sparkcam/images";

  /** Name of the output with the features. */
  static final String FEATURES = "sparkcam/features";

  private static final List<Long> FIRST_TO_LAST = List.of(0L, 2L, 3L, 1L);
  private static final List<Long> LAST_TO_FIRST = List.of(0L, 3L, 1L, 2L);

  /** Since when Gemm adds a bias to every row without being asked. */
  private static final int GEMM_BROADCASTS = 7;

  private final OnnxGraph graph;
  private final GraphProto.Builder part = GraphProto.newBuilder().setName("trunk");

  private OnnxTrunk(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * The file.
   *
   * @param batch that the graph insists on; 0: any
   * @param imagesLast whether the graph takes {@code (batch, H, W, C)}
   * @param features the tensor of features
   * @param featuresLast whether it is {@code (batch, h, w, K)}
   * @param others further outputs, under their own names
   */
  static byte[] write(
      OnnxGraph graph,
      ImageShape images,
      int batch,
      boolean imagesLast,
      String features,
      boolean featuresLast,
      List<String> others) {
    OnnxTrunk trunk = new OnnxTrunk(graph);
    trunk.input(images, batch, imagesLast);
    List<String> wanted = new ArrayList<>(others);
    wanted.add(features);
    trunk.operators(wanted);
    trunk.rename(features, FEATURES, featuresLast ? List.of() : FIRST_TO_LAST);
    trunk.output(FEATURES);
    others.forEach(trunk::output);
    return trunk.file();
  }

  /**
   * A file of the same input that averages the features for another dense layer, with softmax.
   *
   * @param features the tensor of features
   * @param featuresLast whether it is {@code (batch, h, w, K)}
   * @param parameters weights {@code (classes, K)}, then biases
   */
  static byte[] withHead(
      OnnxGraph graph, String features, boolean featuresLast, int classes, float[] parameters) {
    OnnxTrunk whole = new OnnxTrunk(graph);
    whole.part.addInput(graph.input());
    whole.operators(List.of(features));
    String averaged = features;
    if (featuresLast) {
      averaged = features + "/channels_first";
      whole.rename(features, averaged, LAST_TO_FIRST);
    }
    whole.operator("GlobalAveragePool", "sparkcam/averages", averaged);
    whole.operator("Flatten", "sparkcam/inputs", "sparkcam/averages");
    int inputs = parameters.length / classes - 1;
    whole.constant("sparkcam/weights", parameters, 0, classes, inputs);
    whole.constant("sparkcam/biases", parameters, classes * inputs, classes);
    NodeProto.Builder dense =
        whole.operator(
            "Gemm", "sparkcam/logits", "sparkcam/inputs", "sparkcam/weights", "sparkcam/biases");
    dense.addAttribute(integer("transB", 1));
    if (graph.opset() < GEMM_BROADCASTS) {
      dense.addAttribute(integer("broadcast", 1));
    }
    whole.operator("Softmax", "probabilities", "sparkcam/logits").addAttribute(integer("axis", 1));
    whole.output("probabilities");
    return whole.file();
  }

  private byte[] file() {
    return ModelProto.newBuilder()
        .setIrVersion(graph.model().getIrVersion())
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(graph.opset()))
        .setGraph(part)
        .build()
        .toByteArray();
  }

  private NodeProto.Builder operator(String operator, String output, String... inputs) {
    return part.addNodeBuilder().setOpType(operator).addAllInput(List.of(inputs)).addOutput(output);
  }

  private void constant(String name, float[] values, int from, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(TensorProto.DataType.FLOAT_VALUE);
    int count = 1;
    for (long dim : dims) {
      tensor.addDims(dim);
      count *= (int) dim;
    }
    for (int i = 0; i < count; i++) {
      tensor.addFloatData(values[from + i]);
    }
    operator("Constant", name)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(tensor));
  }

  private static AttributeProto.Builder integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value);
  }

  private void input(ImageShape images, int batch, boolean imagesLast) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    if (batch == 0) {
      shape.addDimBuilder().setDimParam("batch");
    } else {
      shape.addDimBuilder().setDimValue(batch);
    }
    for (int side : new int[] {images.channels(), images.height(), images.width()}) {
      shape.addDimBuilder().setDimValue(side);
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(shape);
    part.addInput(
        ValueInfoProto.newBuilder()
            .setName(IMAGES)
            .setType(TypeProto.newBuilder().setTensorType(tensor)));
    rename(IMAGES, graph.input().getName(), imagesLast ? FIRST_TO_LAST : List.of());
  }

  /** Takes over what the tensors need, and the constants that it reads. */
  private void operators(List<String> tensors) {
    Set<String> needed = new HashSet<>(tensors);
    List<NodeProto> nodes = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      OnnxNode node = graph.nodes().get(i);
      if (node.outputs().stream().anyMatch(needed::contains)) {
        nodes.add(node.proto());
        needed.addAll(node.inputs());
      }
    }
    Collections.reverse(nodes);
    part.addAllNode(nodes);
    for (TensorProto constant : graph.model().getGraph().getInitializerList()) {
      if (needed.contains(constant.getName())) {
        part.addInitializer(constant);
      }
    }
    // Until version 3 of the format constants are inputs, too.
    for (ValueInfoProto input : graph.model().getGraph().getInputList()) {
      if (needed.contains(input.getName()) && graph.constant(input.getName()).isPresent()) {
        part.addInput(input);
      }
    }
  }

  private void rename(String from, String to, List<Long> order) {
    NodeProto.Builder node = NodeProto.newBuilder().addInput(from).addOutput(to);
    if (order.isEmpty()) {
      node.setOpType("Identity");
    } else {
      node.setOpType("Transpose")
          .addAttribute(
              AttributeProto.newBuilder()
                  .setName("perm")
                  .setType(AttributeProto.AttributeType.INTS)
                  .addAllInts(order));
    }
    part.addNode(node);
  }

  private void output(String name) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
    part.addOutput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(tensor)));
  }
}
