package io.sparkcam.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objenesis.strategy.StdInstantiatorStrategy;

class ImageBlockTest {
  private static final ImageShape SHAPE = new ImageShape(1, 3, 2);

  @Test
  void survivesJavaSerialisation() throws Exception {
    ImageBlock block = block();

    assertSame(block, (ImageBlock) deserialised(serialised(block)));
  }

  @Test
  void survivesKryo() {
    Kryo kryo = new Kryo();
    kryo.setInstantiatorStrategy(new StdInstantiatorStrategy());
    ImageBlock block = block();
    Output out = new Output(1024);
    kryo.writeObject(out, block);

    assertSame(block, kryo.readObject(new Input(out.toBytes()), ImageBlock.class));
  }

  @Test
  void serialisedFormIsLittleMoreThanThePixels() throws IOException {
    int count = 100;
    ImageShape shape = new ImageShape(28, 28, 1);
    ImageBlock block =
        new ImageBlock(shape, new long[count], new int[count], new byte[count * shape.size()]);

    // 12 bytes an image for id and label, and the class descriptions once.
    assertTrue(serialised(block).length < count * (shape.size() + 12) + 500);
  }

  @Test
  void emptyBlockIsFine() {
    ImageBlock block = new ImageBlock(SHAPE, new long[0], new int[0], new byte[0]);
    assertEquals(0, block.count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | 1 | 12 | 0  | 0  | 1 labels, expected 2 as there are ids",
        "2 | 2 | 11 | 0  | 0  | 11 bytes of pixels, expected 12 for 2 images of 6",
        "2 | 2 | 12 | -1 | 0  | 'id -1, label 0 of image 0, expected at least 0 and -1'",
        "2 | 2 | 12 | 0  | -2 | 'id 0, label -2 of image 0, expected at least 0 and -1'",
      })
  void contradictionsAreRefused(
      int ids, int labels, int bytes, long id, int label, String message) {
    long[] idArray = new long[ids];
    idArray[0] = id;
    int[] labelArray = new int[labels];
    labelArray[0] = label;
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new ImageBlock(SHAPE, idArray, labelArray, new byte[bytes]))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0    | 1    | 1 | height 0, expected 1 to 4096",
        "4097 | 1    | 1 | height 4097, expected 1 to 4096",
        "1    | -1   | 1 | width -1, expected 1 to 4096",
        "1    | 4097 | 1 | width 4097, expected 1 to 4096",
        "1    | 1    | 0 | channels 0, expected 1 to 4",
        "1    | 1    | 5 | channels 5, expected 1 to 4",
      })
  void impossibleShapesAreRefused(int height, int width, int channels, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> new ImageShape(height, width, channels))
            .getMessage());
  }

  private static ImageBlock block() {
    byte[] pixels = {0, 1, 2, -1, -128, 127, 6, 7, 8, 9, 10, 11};
    return new ImageBlock(
        SHAPE, new long[] {1L << 40, 7}, new int[] {9, ImageBlock.UNKNOWN}, pixels);
  }

  private static void assertSame(ImageBlock expected, ImageBlock actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.ids(), actual.ids());
    assertArrayEquals(expected.labels(), actual.labels());
    assertArrayEquals(expected.pixels(), actual.pixels());
  }

  private static byte[] serialised(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object deserialised(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
