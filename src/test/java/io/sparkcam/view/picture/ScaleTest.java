package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void runsFromLowToHigh() {
    Scale scale = new Scale(-2, 6);
    assertEquals(0, scale.position(-2));
    assertEquals(0.25, scale.position(0));
    assertEquals(1, scale.position(6));
    assertEquals(1.5, scale.position(10));
  }

  @Test
  void everythingStandsAtTheLowEndOfAFlatScale() {
    assertEquals(0, new Scale(3, 3).position(3));
    assertEquals(0, new Scale(3, 3).position(100));
  }

  @Test
  void whatIsNotFiniteHasNoPositionAndDoesNotStretchTheScale() {
    ClassMap map = new ClassMap(0, 1, 4, new float[] {Float.NaN, -1, Float.POSITIVE_INFINITY, 2});
    assertEquals(new Scale(-1, 2), Scale.of(map));
    assertEquals(Double.NaN, new Scale(-1, 2).position(Float.NaN));
    assertEquals(Double.NaN, new Scale(-1, 2).position(Float.POSITIVE_INFINITY));
  }

  @Test
  void spansTheValuesOfAllMaps() {
    ClassMap one = new ClassMap(0, 1, 2, new float[] {-1, 2});
    ClassMap other = new ClassMap(1, 2, 1, new float[] {0.5f, 7});
    assertEquals(new Scale(-1, 7), Scale.spanning(List.of(one, other)));
  }

  @Test
  void mapsWithoutAnyValueGetAScaleAllTheSame() {
    assertEquals(new Scale(0, 1), Scale.of(new ClassMap(0, 1, 1, new float[] {Float.NaN})));
    assertEquals(new Scale(0, 1), Scale.spanning(List.of()));
  }

  @Test
  void refusesEndsOutOfOrder() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> new Scale(2, 1));
    assertEquals("scale 2.0 to 1.0, expected finite ends in ascending order", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Scale(0, Double.NaN));
  }
}
