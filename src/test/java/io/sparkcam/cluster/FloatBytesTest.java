package io.sparkcam.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FloatBytesTest {
  @Test
  void everyBitComesBack() {
    float[] values = {
      0f, -0f, 1f, Float.MIN_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN
    };
    byte[] bytes = FloatBytes.of(values, new float[0], new float[] {2f, 3f});
    float[] all = FloatBytes.read(bytes, 0, 9);
    for (int i = 0; i < values.length; i++) {
      assertEquals(Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(all[i]));
    }
    assertArrayEquals(new float[] {2, 3}, FloatBytes.read(bytes, 7, 2));
  }

  @Test
  void littleEndian() {
    assertArrayEquals(new byte[] {0, 0, (byte) 0x80, 0x3f}, FloatBytes.of(new float[] {1}));
  }
}
