package io.sparkcam.network.file.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.NodeProto;

/** An operator of a graph with its attributes by name. */
final class OnnxNode {
  private final NodeProto proto;
  private final Map<String, AttributeProto> attributes = new HashMap<>();

  OnnxNode(NodeProto proto) {
    this.proto = proto;
    for (AttributeProto attribute : proto.getAttributeList()) {
      if (attributes.put(attribute.getName(), attribute) != null) {
        throw new IllegalArgumentException(
            this + ": attribute '" + attribute.getName() + "' is there twice");
      }
    }
  }

  NodeProto proto() {
    return proto;
  }

  /** For example {@code Conv}. */
  String operator() {
    return proto.getOpType();
  }

  List<String> inputs() {
    return proto.getInputList();
  }

  /** Empty where an optional input is left out. */
  String input(int i) {
    return i < proto.getInputCount() ? proto.getInput(i) : "";
  }

  List<String> outputs() {
    return proto.getOutputList();
  }

  /** Its first output. */
  String output() {
    return proto.getOutput(0);
  }

  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  AttributeProto attribute(String name) {
    return attributes.getOrDefault(name, AttributeProto.getDefaultInstance());
  }

  long integer(String name, long otherwise) {
    return has(name) ? attribute(name).getI() : otherwise;
  }

  float number(String name, float otherwise) {
    return has(name) ? attribute(name).getF() : otherwise;
  }

  String text(String name, String otherwise) {
    return has(name) ? attribute(name).getS().toStringUtf8() : otherwise;
  }

  /** Empty if it has none of this name. */
  long[] integers(String name) {
    return attribute(name).getIntsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** For example {@code Conv '/features/0/Conv'}, for messages. */
  @Override
  public String toString() {
    String name = proto.getName().isEmpty() && !outputs().isEmpty() ? output() : proto.getName();
    return operator() + " '" + name + "'";
  }
}
