package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ImageMaskingTest {
  /** Two channels of 1 x 3 pixels, after a value that is not theirs. */
  private static final float[] IMAGE = {9, 0.5f, 1, 0.25f, 0.125f, 0.5f, 1};

  private final ImageMasking masking = new ImageMasking(2, 1, 3);
  private final float[] target = {7, 7, 7, 7, 7, 7, 7};

  @Test
  void everyChannelIsAsBrightAsTheMapIsStrong() {
    masking.explained(new float[] {-1, 4, 2}, 0, IMAGE, 1, target, 1);
    assertArrayEquals(new float[] {7, 0, 1, 0.125f, 0, 0.5f, 0.5f}, target);
  }

  @Test
  void aMapThatIsNowherePositiveLeavesBlack() {
    masking.explained(new float[] {-1, 0, -2}, 0, IMAGE, 1, target, 0);
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 7}, target);
  }

  @Test
  void aMapIsTheSameInEveryUnit() {
    float[] other = target.clone();
    masking.explained(new float[] {-1, 4, 2}, 0, IMAGE, 1, target, 1);
    masking.explained(new float[] {-8, 32, 16}, 0, IMAGE, 1, other, 1);
    assertArrayEquals(other, target);
  }

  @Test
  void whatIsKeptAndWhatIsRemovedAddUpToTheImage() {
    int[] order = {2, 0, 1};
    masking.kept(order, 1, IMAGE, 1, target, 0);
    assertArrayEquals(new float[] {0, 0, 0.25f, 0, 0, 1, 7}, target);
    for (int count = 0; count <= 3; count++) {
      float[] rest = new float[6];
      masking.kept(order, count, IMAGE, 1, target, 0);
      masking.removed(order, count, IMAGE, 1, rest, 0);
      for (int i = 0; i < 6; i++) {
        assertEquals(IMAGE[i + 1], target[i] + rest[i]);
      }
    }
  }

  @Test
  void shortArraysAreRefused() {
    assertEquals(
        "masked image: 7 values from offset 2, expected 6",
        assertThrows(
                IllegalArgumentException.class,
                () -> masking.kept(new int[3], 0, IMAGE, 0, target, 2))
            .getMessage());
  }
}
