package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoomTest {
  /**
   * Both sides work in double precision on values of order 1; SciPy solves for the coefficients by
   * recursion, we by elimination.
   */
  private static final double DOUBLE_TOLERANCE = 2e-14;

  /** Single precision: a few roundings of 6e-8 on values of order 1 to 4. */
  private static final float FLOAT_TOLERANCE = 1e-6f;

  record Case(String name, Npy source, Npy target, Zoom zoom) {
    @Override
    public String toString() {
      return name
          + " "
          + Arrays.toString(source.shape())
          + " to "
          + Arrays.toString(target.shape());
    }
  }

  static Stream<Case> casesMadeWithSciPy() throws IOException {
    Stream.Builder<Case> cases = Stream.builder();
    for (String archive : new String[] {"zoom.npz", "zoom_extra.npz"}) {
      Map<String, Npy> arrays = Npy.goldenArchive(archive);
      for (int i = 0; arrays.containsKey("case" + i + "_in"); i++) {
        Npy source = arrays.get("case" + i + "_in");
        Npy target = arrays.get("case" + i + "_out");
        int order = (int) arrays.get("case" + i + "_order").longs()[0];
        Zoom zoom =
            Zoom.cornerAligned(
                source.shape()[0], source.shape()[1], target.shape()[0], target.shape()[1], order);
        cases.add(new Case(archive + " case" + i + " order " + order, source, target, zoom));
      }
      for (int i = 0; arrays.containsKey("aligned" + i + "_in"); i++) {
        Npy source = arrays.get("aligned" + i + "_in");
        Npy target = arrays.get("aligned" + i + "_out");
        double[] geometry = arrays.get("aligned" + i + "_geometry").doubles();
        Zoom zoom =
            Zoom.receptiveFieldAligned(
                source.shape()[0],
                source.shape()[1],
                target.shape()[0],
                target.shape()[1],
                geometry[0],
                geometry[1]);
        cases.add(new Case(archive + " aligned" + i, source, target, zoom));
      }
    }
    return cases.build();
  }

  @Test
  void everyStoredCaseIsRun() throws IOException {
    assertEquals(8 + 17 + 5, casesMadeWithSciPy().count());
  }

  @ParameterizedTest
  @MethodSource("casesMadeWithSciPy")
  void agreesWithSciPy(Case reference) {
    assertArrayEquals(
        reference.target.doubles(),
        reference.zoom.zoom(reference.source.doubles()),
        DOUBLE_TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("casesMadeWithSciPy")
  void singlePrecisionAgreesWithSciPyAndTouchesNothingElse(Case reference) {
    float[] source = reference.source.floats();
    float[] expected = reference.target.floats();
    float[] sourceBehindOffset = new float[source.length + 3];
    System.arraycopy(source, 0, sourceBehindOffset, 3, source.length);
    float[] target = new float[expected.length + 7];
    Arrays.fill(target, -77);
    reference.zoom.zoom(sourceBehindOffset, 3, target, 5);
    assertArrayEquals(
        expected, Arrays.copyOfRange(target, 5, 5 + expected.length), FLOAT_TOLERANCE);
    assertArrayEquals(new float[] {-77, -77, -77, -77, -77}, Arrays.copyOf(target, 5));
    assertArrayEquals(
        new float[] {-77, -77}, Arrays.copyOfRange(target, target.length - 2, target.length));
  }

  @Test
  void isLinear() {
    Zoom zoom = Zoom.cornerAligned(3, 4, 20, 17, 2);
    double[] a = new Random(1).doubles(12, -5, 5).toArray();
    double[] b = new Random(2).doubles(12, -5, 5).toArray();
    double[] mixed =
        zoom.zoom(IntStream.range(0, 12).mapToDouble(i -> 2 * a[i] - 0.5 * b[i]).toArray());
    double[] zoomedA = zoom.zoom(a);
    double[] zoomedB = zoom.zoom(b);
    for (int i = 0; i < mixed.length; i++) {
      // A dozen double roundings of values below 20.
      assertEquals(2 * zoomedA[i] - 0.5 * zoomedB[i], mixed[i], 1e-13);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void constantMapsStayConstant(int order) {
    double[] ones = new double[20];
    Arrays.fill(ones, 1);
    for (double value : Zoom.cornerAligned(4, 5, 11, 30, order).zoom(ones)) {
      assertEquals(1, value, 1e-14);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 2", "1, 1", "2, 0", "2, 1"})
  void alignedCellPeaksAtTheCentreOfItsWindow(int row, int column) {
    double[] cells = new double[9];
    cells[row * 3 + column] = 1;
    double[] map = Zoom.receptiveFieldAligned(3, 3, 28, 28, 3.5, 8).zoom(cells);
    double peak = Arrays.stream(map).max().orElseThrow();
    // Centres 3.5, 11.5 and 19.5 lie between two pixels, a sixteenth of a cell from each.
    double atCentre = 0;
    for (int y = 3 + 8 * row; y <= 4 + 8 * row; y++) {
      for (int x = 3 + 8 * column; x <= 4 + 8 * column; x++) {
        atCentre = Math.max(atCentre, map[y * 28 + x]);
      }
    }
    assertEquals(peak, atCentre, 1e-12);
    // 1 at the very centre; the spline falls by less than 2 (1/16)^2 along each axis.
    assertTrue(peak <= 1 + 1e-12 && peak > 1 - 4.0 / 256, "peak " + peak);
  }

  @Test
  void alignedCellsAtWholePixelsKeepTheirValues() {
    double[] cells = new Random(3).doubles(12, -5, 5).toArray();
    double[] map = Zoom.receptiveFieldAligned(3, 4, 30, 40, 4, 9).zoom(cells);
    for (int i = 0; i < 12; i++) {
      assertEquals(cells[i], map[(4 + 9 * (i / 4)) * 40 + 4 + 9 * (i % 4)], 1e-13);
    }
  }

  @Test
  void alignedValuesBeyondTheOutermostCellsAreTheBorders() {
    double[] cells = {1, -2, 3, 4, -5, 6, -7, 8, 9};
    double[] map = Zoom.receptiveFieldAligned(3, 3, 28, 28, 3, 8).zoom(cells);
    assertEquals(1, map[0], 1e-13);
    assertEquals(9, map[27 * 28 + 27], 1e-13);
    for (int x = 0; x < 28; x++) {
      for (int y = 20; y < 28; y++) {
        assertEquals(map[19 * 28 + x], map[y * 28 + x]);
      }
    }
    // 3 and 19 are the outermost centres: between them the spline may overshoot, outside it never
    // adds to that.
    double inside =
        IntStream.rangeClosed(3, 19)
            .mapToDouble(y -> Arrays.stream(map, y * 28 + 3, y * 28 + 20).max().orElseThrow())
            .max()
            .orElseThrow();
    assertTrue(Arrays.stream(map).max().orElseThrow() <= inside);
  }

  @Test
  void messagesNameWhatIsWrong() {
    assertRefused(
        "zoom from 0 x 3 to 28 x 28, expected sizes of at least 1 x 1",
        () -> Zoom.cornerAligned(0, 3, 28, 28, 2));
    assertRefused("spline order 4, expected 0 to 3", () -> Zoom.cornerAligned(3, 3, 28, 28, 4));
    assertRefused(
        "zoom offset 3.5 and stride 0.0, expected finite numbers and a positive stride",
        () -> Zoom.receptiveFieldAligned(3, 3, 28, 28, 3.5, 0));
    Zoom zoom = Zoom.cornerAligned(3, 3, 28, 28, 2);
    float[] map = new float[784];
    assertRefused("map of 8 values, expected 3 x 3", () -> zoom.zoom(new double[8]));
    assertRefused(
        "zoom source: 9 values from offset 1, expected 9",
        () -> zoom.zoom(new float[9], 1, map, 0));
    assertRefused(
        "zoom target: 784 values from offset -1, expected 784",
        () -> zoom.zoom(new float[9], 0, map, -1));
    assertRefused(
        "zoom source and target are one array, expected two", () -> zoom.zoom(map, 0, map, 0));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
