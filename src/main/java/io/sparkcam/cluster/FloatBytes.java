package io.sparkcam.cluster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code float[]} as bytes, little-endian: Java serialisation writes a byte array in one piece, a
 * float array number by number.
 */
public final class FloatBytes {
  private FloatBytes() {}

  /** The arrays one after the other. */
  public static byte[] of(float[]... arrays) {
    int length = 0;
    for (float[] array : arrays) {
      length += array.length;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    var floats = bytes.asFloatBuffer();
    for (float[] array : arrays) {
      floats.put(array);
    }
    return bytes.array();
  }

  /** {@code length} values from value {@code offset} on. */
  public static float[] read(byte[] bytes, int offset, int length) {
    float[] values = new float[length];
    read(bytes, offset, values, length);
    return values;
  }

  /** The same into the beginning of {@code target}. */
  public static void read(byte[] bytes, int offset, float[] target, int length) {
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(offset, target, 0, length);
  }
}
