package io.sparkcam.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.data.ImageShape;
import io.sparkcam.data.image.DecodeSettings.ArrayLayout;
import io.sparkcam.data.image.DecodeSettings.Channels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PixelArraysTest {
  /** Smooth in rows and columns, another slope in each channel. */
  private static int value(int y, int x, int channel) {
    return 20 + 5 * y + 3 * x + 30 * channel * (x + 1) / 16;
  }

  /** (row, column, channel), or (channel, row, column). */
  private static List<Integer> flat(int height, int width, int channels, boolean first) {
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < height * width * channels; i++) {
      int plane = height * width;
      int pixel = first ? i % plane : i / channels;
      int channel = first ? i / plane : i % channels;
      values.add(value(pixel / width, pixel % width, channel));
    }
    return values;
  }

  private static DecodeSettings settings(ImageShape shape, ArrayLayout layout, int white) {
    return new DecodeSettings(
        null, Channels.MAJORITY, DecodeSettings.DROP_ALPHA, 0, shape, layout, white);
  }

  private static byte[] planes(int height, int width, int channels) {
    byte[] planes = new byte[height * width * channels];
    for (int i = 0; i < planes.length; i++) {
      int pixel = i % (height * width);
      planes[i] = (byte) value(pixel / width, pixel % width, i / (height * width));
    }
    return planes;
  }

  private static void assertRead(ImageForm form, Object content, ImageShape shape)
      throws BadRecordException {
    assertEquals(shape, form.shape(content));
    byte[] expected = planes(shape.height(), shape.width(), shape.channels());
    assertArrayEquals(expected, form.pixels(content, shape));
  }

  private static String refused(ImageForm form, Object content) {
    ImageShape any = new ImageShape(1, 1, 1);
    String byShape =
        assertThrows(BadRecordException.class, () -> form.pixels(content, form.shape(content)))
            .getMessage();
    assertThrows(BadRecordException.class, () -> form.pixels(content, any));
    return byShape;
  }

  @Test
  void squareArraysAreGreyOrRgbAsTheirLengthSays() throws Exception {
    ImageForm form = ImageForm.numbers(DecodeSettings.DEFAULT);
    assertRead(form, flat(16, 16, 1, false), new ImageShape(16, 16, 1));
    assertRead(form, flat(16, 16, 3, false), new ImageShape(16, 16, 3));
    assertEquals(
        "6 values, which make no square image, grey or RGB; --array-shape says what they are",
        refused(form, List.of(1, 2, 3, 4, 5, 6)));
  }

  @Test
  void fourChannelsAreNotTakenForALargerGreyImage() throws Exception {
    List<Integer> rgba = flat(16, 16, 4, false);
    assertEquals(
        "1024 values look like 4 channels; --array-shape 16x16x4 or 32x32x1 says what they are",
        refused(ImageForm.numbers(DecodeSettings.DEFAULT), rgba));
    ImageShape shape = new ImageShape(16, 16, 4);
    ImageForm form = ImageForm.numbers(settings(shape, ArrayLayout.EVIDENT, 0));
    assertRead(form, rgba, new ImageShape(16, 16, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void channelsFirstAreNotTakenForLast(int given) throws Exception {
    List<Integer> chw = flat(16, 16, 3, true);
    ImageShape shape = new ImageShape(16, 16, 3);
    ImageShape asked = given == 0 ? null : shape;
    assertEquals(
        "768 values look like channels first; --array-layout chw or hwc says what they are",
        refused(ImageForm.numbers(settings(asked, ArrayLayout.EVIDENT, 0)), chw));
    assertRead(ImageForm.numbers(settings(asked, ArrayLayout.CHW, 0)), chw, shape);
  }

  @Test
  void nestedListsSayTheirShape() throws Exception {
    ImageForm form = ImageForm.numbers(DecodeSettings.DEFAULT);
    List<List<Integer>> grey = new ArrayList<>();
    List<List<List<Integer>>> rgb = new ArrayList<>();
    for (int y = 0; y < 5; y++) {
      grey.add(new ArrayList<>());
      rgb.add(new ArrayList<>());
      for (int x = 0; x < 7; x++) {
        grey.get(y).add(value(y, x, 0));
        rgb.get(y).add(List.of(value(y, x, 0), value(y, x, 1), value(y, x, 2)));
      }
    }
    assertRead(form, grey, new ImageShape(5, 7, 1));
    assertRead(form, rgb, new ImageShape(5, 7, 3));
    List<List<List<Integer>>> first = List.of(grey, grey, grey);
    assertEquals(
        "lists of 3x5x7 values; --array-layout chw takes the first as channels, hwc the last",
        refused(form, first));
    ImageForm chw = ImageForm.numbers(settings(null, ArrayLayout.CHW, 0));
    assertEquals(new ImageShape(5, 7, 3), chw.shape(first));
    grey.get(2).remove(0);
    assertEquals("lists of 7 and 6 values side by side", refused(form, grey));
  }

  @Test
  void numbersOfOneAreRefusedUntilWhiteIsKnown() throws Exception {
    List<Double> binary = List.of(0.0, 1.0, 1.0, 0.0);
    ImageShape shape = new ImageShape(2, 2, 1);
    ImageForm evident = ImageForm.numbers(DecodeSettings.DEFAULT);
    assertEquals(
        "numbers of 0 to 1; --array-white 1 takes 1 as white, 255 as almost black",
        assertThrows(BadRecordException.class, () -> evident.pixels(binary, shape)).getMessage());
    ImageForm one = ImageForm.numbers(settings(null, ArrayLayout.EVIDENT, 1));
    assertArrayEquals(new byte[] {0, -1, -1, 0}, one.pixels(binary, shape));
    assertArrayEquals(
        new byte[] {0, 64, -128, -1}, one.pixels(List.of(0.0, 0.25, 0.5, 1.0), shape));
    ImageForm all = ImageForm.numbers(settings(null, ArrayLayout.EVIDENT, 255));
    assertArrayEquals(new byte[] {0, 1, 1, 0}, all.pixels(binary, shape));
    assertThrows(BadRecordException.class, () -> evident.pixels(List.of(0, 1, 1, 0), shape));
    // of an image that is black, and of one with larger values there is no doubt
    assertArrayEquals(new byte[4], evident.pixels(Collections.nCopies(4, 0.0), shape));
    assertArrayEquals(new byte[] {0, 1, 2, 0}, evident.pixels(List.of(0.0, 1.0, 2.0, 0.0), shape));
  }

  @Test
  void bytesAreUnsignedAndTruthIsWhite() throws Exception {
    ImageForm form = ImageForm.numbers(DecodeSettings.DEFAULT);
    ImageShape shape = new ImageShape(2, 2, 1);
    List<Byte> bytes = List.of((byte) -1, (byte) 0, (byte) 127, (byte) -128);
    assertArrayEquals(new byte[] {-1, 0, 127, -128}, form.pixels(bytes, shape));
    List<Boolean> bits = List.of(true, false, false, true);
    assertArrayEquals(new byte[] {-1, 0, 0, -1}, form.pixels(bits, shape));
  }

  @ParameterizedTest
  @CsvSource({"256, 256", "-1, -1", "0.5, 0.5", "NaN, NaN"})
  void valuesThatAreNoPixelsAreRefused(double value, String shown) {
    ImageForm form = ImageForm.numbers(settings(null, ArrayLayout.EVIDENT, 255));
    List<Double> values = List.of(3.0, value, 0.0, 0.0);
    assertEquals(
        "value " + shown + " at 1, expected a whole number, 0 to 255", refused(form, values));
  }

  @Test
  void rawBytesAreOfTheShapeThatIsGiven() throws Exception {
    ImageShape shape = new ImageShape(4, 5, 3);
    ImageForm raw = ImageForm.binary(settings(shape, ArrayLayout.HWC, 0));
    byte[] bytes = new byte[60];
    List<Integer> values = flat(4, 5, 3, false);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = values.get(i).byteValue();
    }
    assertRead(raw, bytes, shape);
    assertEquals("59 values, expected 60 for 4x5 RGB", refused(raw, new byte[59]));
    assertEquals("no image: null", refused(raw, null));
  }

  @Test
  void formsTravelToTasks() throws Exception {
    ImageForm form = ImageForm.numbers(settings(new ImageShape(4, 5, 3), ArrayLayout.CHW, 0));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(form);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ImageForm there = (ImageForm) in.readObject();
      assertRead(there, flat(4, 5, 3, true), new ImageShape(4, 5, 3));
    }
  }
}
