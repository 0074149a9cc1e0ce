package io.sparkcam.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NpyTest {
  private static Npy parse(String type, String fortran, String shape, int... values)
      throws IOException {
    String header =
        "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    byte[] file = new byte[10 + text.length + values.length];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
    System.arraycopy(start, 0, file, 0, start.length);
    System.arraycopy(text, 0, file, start.length, text.length);
    for (int i = 0; i < values.length; i++) {
      file[start.length + text.length + i] = (byte) values[i];
    }
    return Npy.read("test.npy", new ByteArrayInputStream(file));
  }

  @Test
  void columnMajorValuesComeInRowMajorOrder() throws IOException {
    // numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4)) holds its values in this order.
    int[] stored = {
      0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23
    };
    double[] values = parse("|u1", "True", "(2, 3, 4)", stored).doubles();
    for (int i = 0; i < values.length; i++) {
      assertEquals(i, values[i]);
    }
  }

  @Test
  void bytesAreUnsignedAndIntegersLittleEndian() throws IOException {
    assertArrayEquals(new long[] {255}, parse("|u1", "False", "(1,)", 255).longs());
    assertArrayEquals(
        new long[] {0x01020304, -2},
        parse("<i4", "False", "(2,)", 4, 3, 2, 1, 254, 255, 255, 255).longs());
    assertArrayEquals(new float[] {1}, parse("<f4", "False", "()", 0, 0, 0x80, 0x3f).floats());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertEquals(
        "test.npy: 3 bytes of values, expected 4",
        assertThrows(IOException.class, () -> parse("|u1", "False", "(2, 2)", 1, 2, 3))
            .getMessage());
    assertEquals(
        "test.npy: type >f4, expected |u1, <i4, <i8, <f4 or <f8",
        assertThrows(IOException.class, () -> parse(">f4", "False", "()", 0, 0, 0, 0))
            .getMessage());
  }

  @Test
  void archivesKeepTheirNames() throws IOException {
    assertArrayEquals(
        new int[] {16, 1, 3, 3}, Npy.goldenArchive("weights.npz").get("conv_w0").shape());
  }
}
