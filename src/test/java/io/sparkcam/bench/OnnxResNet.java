package io.sparkcam.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.OperatorSetIdProto;
import onnx.OnnxMl.TensorProto;
import onnx.OnnxMl.TypeProto;
import onnx.OnnxMl.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/**
 * ResNet-18 (K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR
 * 2016) as an ONNX file with batch norm folded and random weights: as much work as a trained one.
 */
final class OnnxResNet {
  static final int SIDE = 64;
  static final int CLASSES = 10;
  static final String INPUT = "images";
  static final String OUTPUT = "logits";

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("resnet18");
  private final Random random = new Random(3);

  private OnnxResNet() {}

  /** For grey images of {@link #SIDE} rows and columns. */
  static byte[] file() {
    return new OnnxResNet().write();
  }

  private byte[] write() {
    graph.addInput(value(INPUT, 1, SIDE, SIDE));
    graph.addOutput(value(OUTPUT, CLASSES));
    String tensor = relu(convolution(INPUT, 1, 64, 7, 2));
    tensor =
        node(
            "MaxPool",
            List.of(tensor),
            ints("kernel_shape", 3, 3),
            ints("strides", 2, 2),
            ints("pads", 1, 1, 1, 1));
    int channels = 64;
    for (int filters : new int[] {64, 64, 128, 128, 256, 256, 512, 512}) {
      int stride = filters == channels ? 1 : 2;
      String branch = relu(convolution(tensor, channels, filters, 3, stride));
      branch = convolution(branch, filters, filters, 3, 1);
      String way = stride == 1 ? tensor : convolution(tensor, channels, filters, 1, 2);
      tensor = relu(node("Add", List.of(branch, way)));
      channels = filters;
    }
    tensor = node("Flatten", List.of(node("GlobalAveragePool", List.of(tensor))));
    String weights = weights(channels, CLASSES, channels);
    String last =
        node("Gemm", List.of(tensor, weights, weights(channels, CLASSES)), integer("transB", 1));
    graph.addNode(NodeProto.newBuilder().setOpType("Identity").addInput(last).addOutput(OUTPUT));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private String convolution(String input, int channels, int filters, int kernel, int stride) {
    int pad = kernel / 2;
    int fanIn = channels * kernel * kernel;
    return node(
        "Conv",
        List.of(input, weights(fanIn, filters, channels, kernel, kernel), weights(fanIn, filters)),
        ints("kernel_shape", kernel, kernel),
        ints("strides", stride, stride),
        ints("pads", pad, pad, pad, pad));
  }

  private String relu(String input) {
    return node("Relu", List.of(input));
  }

  private String node(String operator, List<String> inputs, AttributeProto... attributes) {
    String output = "t" + graph.getNodeCount();
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  private String weights(int fanIn, int... sides) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w" + graph.getInitializerCount())
            .setDataType(TensorProto.DataType.FLOAT_VALUE);
    int count = 1;
    for (int side : sides) {
      tensor.addDims(side);
      count *= side;
    }
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    double scale = Math.sqrt(1.0 / fanIn);
    for (int i = 0; i < count; i++) {
      bytes.putFloat((float) (random.nextGaussian() * scale));
    }
    graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes.flip())));
    return tensor.getName();
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static ValueInfoProto value(String name, long... sides) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
    tensor.getShapeBuilder().addDimBuilder().setDimParam("batch");
    for (long side : sides) {
      tensor.getShapeBuilder().addDimBuilder().setDimValue(side);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
