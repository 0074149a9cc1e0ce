package io.sparkcam.network.file.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import onnx.OnnxMl.TensorProto;
import onnx.OnnxMl.TensorProto.DataType;

/** Values that a graph holds itself: weights, biases, shapes. */
final class ConstantTensor {
  private static final long MOST_VALUES = 1 << 26;

  private final String name;
  private final TensorProto proto;
  private final int[] dims;
  private final int count;

  /**
   * @throws IllegalArgumentException if its size is impossible
   */
  ConstantTensor(String name, TensorProto proto) {
    this.name = name;
    this.proto = proto;
    this.dims = new int[proto.getDimsCount()];
    long all = 1;
    for (int i = 0; i < dims.length; i++) {
      long dim = proto.getDims(i);
      if (dim < 0 || dim > MOST_VALUES || all * Math.max(1, dim) > MOST_VALUES) {
        throw new IllegalArgumentException(
            "constant '%s' of sides %s, expected at most %s values"
                .formatted(name, proto.getDimsList(), MOST_VALUES));
      }
      dims[i] = (int) dim;
      all *= dim;
    }
    this.count = (int) all;
  }

  int[] dims() {
    return dims.clone();
  }

  int count() {
    return count;
  }

  DataType type() {
    DataType type = DataType.forNumber(proto.getDataType());
    return type == null ? DataType.UNDEFINED : type;
  }

  /** Whether {@link #floats} reads it. */
  boolean isFloating() {
    return type() == DataType.FLOAT || type() == DataType.DOUBLE || type() == DataType.FLOAT16;
  }

  /** Whether {@link #longs} reads it. */
  boolean isInteger() {
    return type() == DataType.INT64 || type() == DataType.INT32;
  }

  /**
   * Its values in row-major order.
   *
   * @throws IllegalArgumentException if they are no floating-point numbers, or fewer or more than
   *     its shape says
   */
  float[] floats() {
    float[] values = new float[count];
    ByteBuffer raw = raw();
    switch (type()) {
      case FLOAT -> {
        require(raw, Float.BYTES, proto.getFloatDataCount());
        for (int i = 0; i < count; i++) {
          values[i] = raw.hasRemaining() ? raw.getFloat() : proto.getFloatData(i);
        }
      }
      case DOUBLE -> {
        require(raw, Double.BYTES, proto.getDoubleDataCount());
        for (int i = 0; i < count; i++) {
          values[i] = (float) (raw.hasRemaining() ? raw.getDouble() : proto.getDoubleData(i));
        }
      }
      case FLOAT16 -> {
        require(raw, Short.BYTES, proto.getInt32DataCount());
        for (int i = 0; i < count; i++) {
          values[i] = half(raw.hasRemaining() ? raw.getShort() : (short) proto.getInt32Data(i));
        }
      }
      default -> throw new IllegalArgumentException(this + ", expected floating-point numbers");
    }
    return values;
  }

  /**
   * Its values in row-major order.
   *
   * @throws IllegalArgumentException if they are no integers, or fewer or more than its shape says
   */
  long[] longs() {
    long[] values = new long[count];
    ByteBuffer raw = raw();
    switch (type()) {
      case INT64 -> {
        require(raw, Long.BYTES, proto.getInt64DataCount());
        for (int i = 0; i < count; i++) {
          values[i] = raw.hasRemaining() ? raw.getLong() : proto.getInt64Data(i);
        }
      }
      case INT32 -> {
        require(raw, Integer.BYTES, proto.getInt32DataCount());
        for (int i = 0; i < count; i++) {
          values[i] = raw.hasRemaining() ? raw.getInt() : proto.getInt32Data(i);
        }
      }
      default -> throw new IllegalArgumentException(this + ", expected integers");
    }
    return values;
  }

  private ByteBuffer raw() {
    return proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void require(ByteBuffer raw, int size, int unpacked) {
    long found = raw.hasRemaining() ? raw.remaining() : (long) unpacked * size;
    if (found != (long) count * size) {
      throw new IllegalArgumentException(
          "%s: %s bytes, expected %s".formatted(this, found, (long) count * size));
    }
  }

  /** IEEE 754 binary16. */
  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float value;
    if (exponent == 0) {
      value = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      value = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      value = Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
    }
    return bits < 0 ? -value : value;
  }

  /** Its name, type and shape, for messages. */
  @Override
  public String toString() {
    return "constant '" + name + "' (" + type() + " " + Arrays.toString(dims) + ")";
  }
}
