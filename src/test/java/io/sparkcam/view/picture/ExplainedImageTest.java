package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.cam.Box;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ExplainedImageTest {
  @Test
  void aMapMustHaveTheImagesSize() {
    refused("image 7: map 3x3, expected 28x20 like the image", () -> explained(0.5f, 3, 3));
    refused("image 7: map 20x28, expected 28x20 like the image", () -> explained(0.5f, 20, 28));
  }

  @Test
  void aProbabilityMustBeOne() {
    refused("image 7: probability 1.5, expected 0 to 1", () -> explained(1.5f, 28, 20));
    refused("image 7: probability NaN, expected 0 to 1", () -> explained(Float.NaN, 28, 20));
  }

  @Test
  void aBoxMustLieInsideTheImage() {
    refused(
        "image 7: Box[x0=0, y0=0, x1=21, y1=28], expected inside the image, 20 wide and 28 high",
        () -> explained(0.5f, 28, 20, new Box(0, 0, 21, 28)));
  }

  @Test
  void theTrueClassMayBeUnknown() {
    ExplainedImage unlabelled =
        new ExplainedImage(
            0, ExplainedImage.UNKNOWN, 1, 1, Samples.image(2, 2), Samples.map(1, 2, 2), List.of());
    assertEquals(OptionalInt.empty(), unlabelled.trueClass());
    assertEquals(OptionalInt.of(2), Samples.coat(0, 1, 2).trueClass());
  }

  @Test
  void shapesMustMatchTheirArrays() {
    refused("map 2x3: 5 values, expected 6", () -> new ClassMap(0, 2, 3, new float[5]));
    refused("map 0x3, expected at least 1x1", () -> new ClassMap(0, 0, 3, new float[0]));
    refused(
        "image 2x3 of 3 channels: 6 bytes, expected 18",
        () -> new ImagePixels(2, 3, 3, new byte[6]));
    refused(
        "image 2x3 of 4 channels, expected at least 1x1 of 1 or 3 channels",
        () -> new ImagePixels(2, 3, 4, new byte[24]));
    refused(
        "map 65536x65536: 0 values, expected 4294967296",
        () -> new ClassMap(0, 1 << 16, 1 << 16, new float[0]));
  }

  @Test
  void aMapIsReadRowByRow() {
    ClassMap map = new ClassMap(0, 2, 3, new float[] {0, 1, 2, 3, 4, 5});
    assertEquals(2, map.at(0, 2));
    assertEquals(3, map.at(1, 0));
  }

  @Test
  void arraysAreCopiedOnTheWayInAndOut() {
    float[] values = {1, 2};
    ClassMap map = new ClassMap(0, 1, 2, values);
    values[0] = 9;
    map.values()[1] = 9;
    assertEquals(1, map.at(0, 0));
    assertEquals(2, map.at(0, 1));

    byte[] bytes = {1, 2};
    ImagePixels image = new ImagePixels(1, 2, 1, bytes);
    bytes[0] = 9;
    image.values()[1] = 9;
    assertEquals(1, image.values()[0]);
    assertEquals(2, image.values()[1]);
  }

  private static ExplainedImage explained(float probability, int height, int width, Box... boxes) {
    return new ExplainedImage(
        7, 0, 0, probability, Samples.image(28, 20), Samples.map(0, height, width), List.of(boxes));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
