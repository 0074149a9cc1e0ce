package io.sparkcam.network.file.onnx;

import java.io.IOException;
import onnx.OnnxMl.ModelProto;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.Descriptors.Descriptor;
import org.nd4j.shade.protobuf.Descriptors.FieldDescriptor;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * What an ONNX file may unfold to: two bytes can be a message of hundreds, so the file is walked
 * through once before any of it is built.
 */
final class WireLimits {
  /** Of a file: more than any of the usual image classifiers. */
  static final int MOST_BYTES = 1 << 28;

  /** Of all that is not the values of tensors, in memory. */
  private static final long MOST_UNFOLDED = 1 << 26;

  private static final int MESSAGE = 256;
  private static final int FIELD = 64;
  private static final int DEEPEST = 16;

  private long unfolded;

  private WireLimits() {}

  /**
   * Refuses a file that would need far more memory than it has bytes.
   *
   * @throws IOException if it does, or is no protocol buffer
   */
  static void require(byte[] file) throws IOException {
    new WireLimits().walk(CodedInputStream.newInstance(file), ModelProto.getDescriptor(), 0);
  }

  private void walk(CodedInputStream in, Descriptor type, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("messages nested deeper than " + DEEPEST);
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        unfold(FIELD);
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      if (length < 0) {
        throw new IOException("length " + length + " of a field");
      }
      if (field != null && field.getType() == FieldDescriptor.Type.MESSAGE) {
        unfold(MESSAGE);
        int outer = in.pushLimit(length);
        walk(in, field.getMessageType(), depth + 1);
        in.popLimit(outer);
      } else {
        unfold(FIELD + (field == null ? length : cost(field, length)));
        in.skipRawBytes(length);
      }
    }
  }

  /** The bytes of tensors are kept as they are; numbers of a byte each become long ones. */
  private static long cost(FieldDescriptor field, long length) {
    return switch (field.getType()) {
      case BYTES, FLOAT, DOUBLE -> 0;
      case STRING -> length;
      default -> Long.BYTES * length;
    };
  }

  private void unfold(long bytes) throws IOException {
    unfolded += bytes;
    if (unfolded > MOST_UNFOLDED) {
      throw new IOException("its structure needs more than " + MOST_UNFOLDED + " bytes");
    }
  }
}
