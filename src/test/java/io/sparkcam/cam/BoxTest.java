package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxTest {
  private final Box box = new Box(2, 3, 6, 5);

  @Test
  void areaCountsPixels() {
    assertEquals(8, box.area());
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 6, 5, 1", // itself
    "6, 3, 8, 5, 0", // beside it
    "7, 6, 8, 7, 0", // apart both ways
    "3, 4, 5, 5, 0.25", // inside it
    "4, 4, 8, 6, 0.14285714285714285", // 2 pixels shared of 14
  })
  void iouIsSharedPixelsOverAllPixels(int x0, int y0, int x1, int y1, double expected) {
    Box other = new Box(x0, y0, x1, y1);
    assertEquals(expected, box.iou(other));
    assertEquals(expected, other.iou(box));
  }

  @ParameterizedTest
  @CsvSource({"3, 3, 3, 5", "2, 5, 6, 5", "-1, 3, 6, 5", "2, -1, 6, 5"})
  void emptyAndNegativeBoxesAreRefused(int x0, int y0, int x1, int y1) {
    assertEquals(
        "box from (%d, %d) to (%d, %d), expected 0 <= x0 < x1 and 0 <= y0 < y1"
            .formatted(x0, y0, x1, y1),
        assertThrows(IllegalArgumentException.class, () -> new Box(x0, y0, x1, y1)).getMessage());
  }
}
