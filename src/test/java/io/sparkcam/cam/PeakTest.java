package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PeakTest {
  @Test
  void peakIsTheLargestValueEvenBelowZero() {
    float[] map = {9, -3, -2, -3, -4, -1, -3};
    assertEquals(new Peak(1, 1), Peak.of(map, 1, 2, 3));
  }

  @Test
  void ofALevelTheNearestToTheMiddleCounts() {
    Zoom zoom = Zoom.receptiveFieldAligned(3, 3, 28, 28, 3.5, 8);
    float[] map = new float[784];
    // Level on rows 0 to 3 and columns 20 to 27, beyond the centre of the last cell.
    zoom.zoom(new float[] {0, 0, 1, 0, 0, 0, 0, 0, 0}, 0, map, 0);
    assertEquals(new Peak(20, 3), Peak.of(map, 0, 28, 28));
    assertEquals(new Peak(1, 1), Peak.of(new float[16], 0, 4, 4));
  }

  @Test
  void shortMapsAreRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Peak.of(new float[6], 1, 2, 3));
    assertEquals("map: 6 values from offset 1, expected 6", refused.getMessage());
  }
}
