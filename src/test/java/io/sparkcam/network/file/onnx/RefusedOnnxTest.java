package io.sparkcam.network.file.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sparkcam.data.ImageShape;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.shade.protobuf.ByteString;

/** Each kind of file that is not explained says why, in one line. */
class RefusedOnnxTest {
  private static final OnnxCase LAB = new OnnxCase("lab");
  private static final int FIRST_CONVOLUTION = 0;
  private static final int FIRST_POOLING = 2;
  private static final int AVERAGE = 11;
  private static final int DENSE = 12;

  static Stream<Arguments> changes() {
    return Stream.of(
        arguments(
            "keeps 'f.0.weight' in a file beside it, expected one file: export it with"
                + " external_data=False",
            change(
                g ->
                    g.getInitializerBuilder(0)
                        .clearRawData()
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalDataBuilder()
                        .setKey("location")
                        .setValue("/etc/passwd"))),
        arguments(
            "Conv '/f/f.0/Conv' is of the domain com.example, expected standard operators",
            change(g -> g.getNodeBuilder(FIRST_CONVOLUTION).setDomain("com.example"))),
        arguments(
            "cannot be explained: RandomNormalLike '/f/f.2/MaxPool': an operator that is not known"
                + " here",
            change(g -> g.getNodeBuilder(FIRST_POOLING).setOpType("RandomNormalLike"))),
        arguments(
            "Conv '/f/f.0/Conv' holds a graph of its own, expected no control flow",
            change(
                g ->
                    g.getNodeBuilder(FIRST_CONVOLUTION)
                        .addAttributeBuilder()
                        .setName("body")
                        .setG(GraphProto.newBuilder()))),
        arguments(
            "uses opset 27, expected 1 to 26: export it with a lower opset_version",
            (Consumer<ModelProto.Builder>) m -> m.getOpsetImportBuilder(0).setVersion(27)),
        arguments(
            "constant 'fc.bias' (FLOAT [10]): value 0 is NaN, expected finite ones",
            change(g -> g.getInitializerBuilder(9).setRawData(constant(10, Float.NaN)))),
        arguments(
            "constant 'fc.bias' (FLOAT [10]): 36 bytes, expected 40",
            change(g -> g.getInitializerBuilder(9).setRawData(constant(9, 1)))),
        arguments(
            "constant 'fc.bias' of sides [4294967296, 4294967296], expected at most 67108864"
                + " values",
            change(
                g -> g.getInitializerBuilder(9).clearDims().addDims(1L << 32).addDims(1L << 32))),
        arguments(
            "Relu '/f/f.1/Relu' reads 'nowhere', which nothing before it computes",
            change(g -> g.getNodeBuilder(1).setInput(0, "nowhere"))),
        arguments(
            "takes 2 inputs, expected images alone",
            change(g -> g.addInput(g.getInput(0).toBuilder().setName("second")))),
        arguments(
            "cannot be explained: Conv '/f/f.0/Conv': gives [1, 16, 8026, 8026], more than 67108864"
                + " values",
            change(g -> pads(g.getNodeBuilder(FIRST_CONVOLUTION), 4000))),
        arguments(
            "cannot be explained: GlobalMaxPool '/ReduceMean' takes maxima, which do not add up to"
                + " the logit: no exact class activation map, expected an average",
            change(
                g -> {
                  g.getNodeBuilder(AVERAGE).setOpType("GlobalMaxPool").clearAttribute();
                  g.getNodeBuilder(DENSE).setOpType("Flatten").clearAttribute();
                })));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void oneLineSaysWhy(String expected, Consumer<ModelProto.Builder> change) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(LAB.bytes("onnx")).toBuilder();
    change.accept(model);
    IOException refused =
        assertThrows(IOException.class, () -> LAB.read(model.build().toByteArray(), LAB.images()));
    assertEquals("lab.onnx: " + expected, refused.getMessage());
  }

  /** What only the runtime notices, and only when it computes. */
  @Test
  void aGraphThatTheRuntimeFailsOnIsRefused() throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(LAB.bytes("onnx")).toBuilder();
    for (AttributeProto.Builder attribute :
        model.getGraphBuilder().getNodeBuilder(FIRST_CONVOLUTION).getAttributeBuilderList()) {
      if (attribute.getName().equals("kernel_shape")) {
        attribute.clearInts().addInts(2).addInts(3);
      }
    }
    IOException refused =
        assertThrows(IOException.class, () -> LAB.read(model.build().toByteArray(), LAB.images()));
    assertTrue(
        refused.getMessage().startsWith("lab.onnx: cannot be explained: ONNX Runtime"),
        refused::getMessage);
    assertEquals(1, refused.getMessage().lines().count());
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    IOException refused =
        assertThrows(
            IOException.class, () -> LAB.read(LAB.bytes("onnx"), new ImageShape(32, 32, 3)));
    assertEquals(
        "lab.onnx: cannot be explained: takes images of (1, 28, 28), they are (3, 32, 32):"
            + " channels, rows, columns",
        refused.getMessage());
  }

  @Test
  void twoBytesThatBecomeAMessageAreCounted() {
    byte[] nodes = new byte[1 << 20];
    for (int i = 0; i < nodes.length; i += 2) {
      nodes[i] = 0x0a;
    }
    byte[] file = ModelProto.newBuilder().setIrVersion(7).build().toByteArray();
    byte[] all = Arrays.copyOf(file, file.length + 4 + nodes.length);
    all[file.length] = 0x3a;
    all[file.length + 1] = (byte) 0x80;
    all[file.length + 2] = (byte) 0x80;
    all[file.length + 3] = 0x40;
    System.arraycopy(nodes, 0, all, file.length + 4, nodes.length);
    IOException refused = assertThrows(IOException.class, () -> LAB.read(all, LAB.images()));
    assertEquals(
        "lab.onnx: is no ONNX model: its structure needs more than 67108864 bytes",
        refused.getMessage());
  }

  @Test
  void aFileThatIsCutShortIsRefused() throws IOException {
    byte[] file = LAB.bytes("onnx");
    IOException refused =
        assertThrows(
            IOException.class, () -> LAB.read(Arrays.copyOf(file, file.length / 2), LAB.images()));
    assertTrue(refused.getMessage().startsWith("lab.onnx: is no ONNX model: "));
  }

  private static Consumer<ModelProto.Builder> change(Consumer<GraphProto.Builder> change) {
    return model -> change.accept(model.getGraphBuilder());
  }

  private static ByteString constant(int count, float value) {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(count * Float.BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(value);
    }
    return ByteString.copyFrom(bytes.flip());
  }

  private static void pads(NodeProto.Builder node, long side) {
    for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
      if (attribute.getName().equals("pads")) {
        attribute.clearInts();
        for (int i = 0; i < 4; i++) {
          attribute.addInts(side);
        }
      }
    }
  }
}
