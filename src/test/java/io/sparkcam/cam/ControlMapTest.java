package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ControlMapTest {
  private static final float[] CELLS = {0, 1, 2, 3, 4, 5, 6, 7, 8};

  @Test
  void shuffledCellsAreTheSameCells() {
    float[] shuffled = ControlMap.shuffled(CELLS, 42, 17);
    assertFalse(Arrays.equals(CELLS, shuffled));
    Arrays.sort(shuffled);
    assertArrayEquals(CELLS, shuffled);
  }

  @Test
  void seedAndIdDecide() {
    assertArrayEquals(ControlMap.shuffled(CELLS, 42, 17), ControlMap.shuffled(CELLS, 42, 17));
    assertFalse(
        Arrays.equals(ControlMap.shuffled(CELLS, 42, 17), ControlMap.shuffled(CELLS, 42, 18)));
    assertFalse(
        Arrays.equals(ControlMap.shuffled(CELLS, 42, 17), ControlMap.shuffled(CELLS, 43, 16)));
  }

  /** Each of 9 cells in each of 9 places 1000 times of 9000: five standard deviations are 150. */
  @Test
  void everyCellGetsEverywhere() {
    int[][] counts = new int[9][9];
    for (long id = 0; id < 9000; id++) {
      float[] shuffled = ControlMap.shuffled(CELLS, 42, id);
      for (int place = 0; place < 9; place++) {
        counts[place][(int) shuffled[place]]++;
      }
    }
    for (int[] place : counts) {
      for (int count : place) {
        assertTrue(Math.abs(count - 1000) < 150, Arrays.deepToString(counts));
      }
    }
  }

  @Test
  void gaussianStandsInTheMiddle() {
    float[] map = ControlMap.centred(9, 5);
    assertEquals(1, map[4 * 5 + 2]);
    // One standard deviation of 9 / 4 rows, and of 5 / 4 columns, at one row and one column.
    assertEquals(Math.exp(-0.5 * 16 / 81), map[5 * 5 + 2], 1e-7);
    assertEquals(Math.exp(-0.5 * 16 / 25), map[4 * 5 + 1], 1e-7);
    for (int i = 0; i < map.length; i++) {
      assertEquals(map[i], map[map.length - 1 - i]);
    }
  }
}
