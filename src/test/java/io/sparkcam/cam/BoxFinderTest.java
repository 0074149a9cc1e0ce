package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxFinderTest {
  /** Digits are the values, a dot is -9. */
  private static Optional<Box> find(String... rows) {
    int width = rows[0].length();
    float[] map = new float[rows.length * width];
    for (int i = 0; i < map.length; i++) {
      char value = rows[i / width].charAt(i % width);
      map[i] = value == '.' ? -9 : value - '0';
    }
    return new BoxFinder(rows.length, width).largest(map, 0);
  }

  @Test
  void boxesHaveExclusiveEnds() {
    assertEquals(Optional.of(new Box(2, 1, 3, 2)), find("....", "..9.", "...."));
  }

  @Test
  void mostPixelsWinNotTheLargestBoxNorTheMaximum() {
    assertEquals(
        Optional.of(new Box(0, 0, 3, 2)),
        find(
            "444...9", //
            "444....", "......9", ".....9.", "....9..", "...9..."));
  }

  @Test
  void pixelsThatTouchAtACornerAreConnected() {
    assertEquals(Optional.of(new Box(1, 0, 4, 3)), find("..9..", "...9.", ".99.."));
  }

  @Test
  void theEdgesDoNotTouchEachOther() {
    assertEquals(Optional.of(new Box(3, 0, 4, 2)), find("...9", "9..9", "9...", "...."));
  }

  @Test
  void twentyPercentItselfIsNotAbove() {
    // 1 is exactly 20% of 5.
    assertEquals(Optional.of(new Box(1, 0, 2, 1)), find("151"));
    assertEquals(Optional.of(new Box(0, 0, 3, 1)), find("252"));
  }

  @Test
  void firstOfEqualsWins() {
    assertEquals(Optional.of(new Box(3, 0, 5, 1)), find("...99", ".....", "99..."));
    assertEquals(Optional.of(new Box(0, 1, 2, 2)), find(".....", "99.99"));
  }

  @Test
  void wholeMapIsABox() {
    assertEquals(Optional.of(new Box(0, 0, 2, 3)), find("99", "99", "99"));
  }

  @Test
  void nothingPositiveHasNoBox() {
    assertEquals(Optional.empty(), find("...", "..."));
    assertEquals(Optional.empty(), find("0.0", ".0."));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void valuesThatAreNotFiniteHaveNoBox(float value) {
    assertEquals(Optional.empty(), new BoxFinder(1, 3).largest(new float[] {1, 2, value}, 0));
    assertEquals(
        Optional.of(new Box(0, 0, 2, 1)),
        new BoxFinder(1, 2).largest(new float[] {value, 1, 2, value}, 1));
  }

  @Test
  void agreesWithSciPysComponents() throws IOException {
    Map<String, Npy> reference = Npy.goldenArchive("boxes.npz");
    assertBoxes(reference.get("cam28_boxes").longs(), Npy.golden("cam28_predicted.npy"));
    assertBoxes(reference.get("speckles_boxes").longs(), reference.get("speckles"));
  }

  private static void assertBoxes(long[] expected, Npy maps) {
    int[] shape = maps.shape();
    assertEquals(4 * shape[0], expected.length);
    BoxFinder finder = new BoxFinder(shape[1], shape[2]);
    for (int i = 0; i < shape[0]; i++) {
      Box box =
          new Box(
              (int) expected[4 * i],
              (int) expected[4 * i + 1],
              (int) expected[4 * i + 2],
              (int) expected[4 * i + 3]);
      assertEquals(
          Optional.of(box), finder.largest(maps.floats(), i * shape[1] * shape[2]), "map " + i);
    }
  }

  @Test
  void messagesNameWhatIsWrong() {
    assertEquals(
        "map: 5 values from offset 0, expected 6",
        assertThrows(
                IllegalArgumentException.class, () -> new BoxFinder(2, 3).largest(new float[5], 0))
            .getMessage());
    assertEquals(
        "boxes of 0 x 3 maps, expected sides of 1 to 65534",
        assertThrows(IllegalArgumentException.class, () -> new BoxFinder(0, 3)).getMessage());
  }
}
