package io.sparkcam.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.data.ImageShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class EncodedImagesTest {
  private static final ImageShape RGB = new ImageShape(4, 6, 3);
  private static final ImageShape GREY = new ImageShape(4, 6, 1);
  private final EncodedImages form = new EncodedImages(DecodeSettings.DEFAULT, "");

  public static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, out));
    return out.toByteArray();
  }

  /** (row, column): red 10 * row, green 10 * column, blue 200. */
  private static BufferedImage colours(int type) {
    BufferedImage image = new BufferedImage(6, 4, type);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 6; x++) {
        image.setRGB(x, y, 0xff000000 | (10 * y) << 16 | (10 * x) << 8 | 200);
      }
    }
    return image;
  }

  private static BufferedImage greys(int type, int factor) {
    BufferedImage image = new BufferedImage(6, 4, type);
    for (int i = 0; i < 24; i++) {
      image.getRaster().setSample(i % 6, i / 6, 0, 10 * i * factor);
    }
    return image;
  }

  private String refused(byte[] bytes, ImageShape expected) {
    return assertThrows(BadRecordException.class, () -> form.pixels(bytes, expected)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_3BYTE_BGR
      })
  void colourPngIsReadExactly(int type) throws Exception {
    byte[] pixels = form.pixels(encoded(colours(type), "png"), RGB);
    for (int i = 0; i < 24; i++) {
      assertEquals(10 * (i / 6), pixels[i]);
      assertEquals(10 * (i % 6), pixels[i + 24]);
      assertEquals((byte) 200, pixels[i + 48]);
    }
  }

  /** 16 bits are divided by 257, without a colour conversion, which would brighten them. */
  @Test
  void greyPngIsReadExactly() throws Exception {
    byte[] expected = new byte[24];
    for (int i = 0; i < 24; i++) {
      expected[i] = (byte) (10 * i);
    }
    byte[] eight = encoded(greys(BufferedImage.TYPE_BYTE_GRAY, 1), "png");
    byte[] sixteen = encoded(greys(BufferedImage.TYPE_USHORT_GRAY, 257), "png");
    assertArrayEquals(expected, form.pixels(eight, GREY));
    assertArrayEquals(expected, form.pixels(sixteen, GREY));
  }

  @Test
  void paletteIsGreyOnlyIfAllItsColoursAre() throws Exception {
    BufferedImage bits = new BufferedImage(6, 4, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(1, 0, 0xffffffff);
    byte[] pixels = form.pixels(encoded(bits, "png"), GREY);
    assertEquals(0, pixels[0]);
    assertEquals((byte) 255, pixels[1]);
    byte[] colours = encoded(colours(BufferedImage.TYPE_BYTE_INDEXED), "png");
    assertEquals(RGB, form.shape(colours));
  }

  /** JPEG loses a little: of flat colours no more than 3 of 255. */
  @Test
  void jpegIsRead() throws Exception {
    BufferedImage flat = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 24; i++) {
      flat.setRGB(i % 6, i / 6, 0xc83214);
    }
    byte[] pixels = form.pixels(encoded(flat, "jpg"), RGB);
    assertEquals(200, pixels[0] & 0xff, 3);
    assertEquals(50, pixels[24], 3);
    assertEquals(20, pixels[48], 3);
    assertEquals(GREY, form.shape(encoded(greys(BufferedImage.TYPE_BYTE_GRAY, 1), "jpg")));
  }

  @Test
  void anotherSizeIsRefused() throws IOException {
    byte[] colour = encoded(colours(BufferedImage.TYPE_INT_RGB), "png");
    assertEquals(
        "4x6 RGB, expected 6x4 RGB; --resize brings images to one size",
        refused(colour, new ImageShape(6, 4, 3)));
  }

  @Test
  void aCutFileIsRefusedWhereverItIsCut() throws Exception {
    BufferedImage large = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      large.setRGB(i % 64, i / 64, i * 7919);
    }
    ImageShape shape = new ImageShape(64, 64, 3);
    for (String format : new String[] {"png", "jpg"}) {
      byte[] whole = encoded(large, format);
      form.pixels(whole, shape);
      for (int length : new int[] {1, 20, whole.length / 2, whole.length - 20}) {
        String reason = refused(Arrays.copyOf(whole, length), shape);
        assertTrue(reason.startsWith("cannot be decoded: ") || length == 1, reason);
      }
    }
  }

  @Test
  void damagedPngIsRefused() throws IOException {
    byte[] bytes = encoded(colours(BufferedImage.TYPE_INT_RGB), "png");
    bytes[bytes.length - 20] ^= 1;
    assertTrue(refused(bytes, RGB).startsWith("cannot be decoded: PNG damaged in chunk at byte "));
  }

  @Test
  void otherBytesAreRefused() {
    assertEquals(
        "no image: begins as none of PNG, JPEG, WebP, GIF, BMP, TIFF, PNM",
        refused("no image".getBytes(StandardCharsets.UTF_8), RGB));
    assertEquals("no image: 0 bytes", refused(new byte[0], RGB));
    assertEquals("no image: 0 bytes", refused(null, RGB));
  }

  /** A few bytes that declare 16 GB of pixels: decoding them would not fit into this JVM. */
  @Test
  void declaredSizeIsRefusedBeforeAnythingIsDecoded() throws IOException {
    byte[] small = encoded(colours(BufferedImage.TYPE_INT_RGB), "png");
    ByteBuffer header = ByteBuffer.wrap(small);
    header.putInt(16, 60_000).putInt(20, 90_000);
    CRC32 crc = new CRC32();
    crc.update(small, 12, 17);
    header.putInt(29, (int) crc.getValue());
    assertEquals(
        "declares 90000x60000 pixels, expected at most 4096 a side without --resize",
        refused(small, RGB));
    header.putInt(16, 4096).putInt(20, 4096);
    assertTrue(refused(small, RGB).startsWith("4096x4096 RGB, expected 4x6 RGB"));
  }
}
