package io.sparkcam.network.engine.winograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.testing.Distance;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WinogradTileTest {
  private static final int L = Lanes.COUNT;
  private static final int KERNEL = 3;

  /** Single precision, of values below 1 and sums of nine products. */
  private static final double TOLERANCE = 2e-6;

  static Stream<WinogradTile> tiles() {
    return Stream.of(new WinogradTile3(), new WinogradTile4());
  }

  private static float[] random(int vectors, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[vectors * L];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static double inner(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Each lane by itself: transform, multiply position by position, transform back. */
  @ParameterizedTest
  @MethodSource("tiles")
  void filtersAsTheDefinitionDoes(WinogradTile tile) {
    int side = tile.side();
    int m = tile.outputs();
    float[] x = random(side * side, 1);
    float[] w = random(KERNEL * KERNEL, 2);
    float[] scratch = new float[tile.scratchSize()];
    float[] v = new float[side * side * L];
    float[] u = new float[side * side * L];
    float[] y = new float[m * m * L];
    tile.input(x, 0, side * L, L, v, 0, L, scratch);
    TransformedKernels kernels = new TransformedKernels(tile, L);
    System.arraycopy(w, 0, kernels.taps, 0, w.length);
    kernels.transform();
    for (int p = 0; p < tile.positions(); p++) {
      System.arraycopy(kernels.values, kernels.at(p), u, p * L, L);
    }
    for (int i = 0; i < v.length; i++) {
      v[i] *= u[i];
    }
    tile.output(v, 0, L, y, 0, m * L, L, scratch);

    float[] expected = new float[y.length];
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < m; column++) {
        for (int lane = 0; lane < L; lane++) {
          double sum = 0;
          for (int i = 0; i < KERNEL; i++) {
            for (int j = 0; j < KERNEL; j++) {
              sum +=
                  (double) x[((row + i) * side + column + j) * L + lane]
                      * w[(i * KERNEL + j) * L + lane];
            }
          }
          expected[(row * m + column) * L + lane] = (float) sum;
        }
      }
    }
    assertTrue(Distance.relative(expected, y) < TOLERANCE);
  }

  /** {@code <T a, b> = <a, T' b>} for each transform T and its adjoint T'. */
  @ParameterizedTest
  @MethodSource("tiles")
  void wayBackIsTheAdjoint(WinogradTile tile) {
    int side = tile.side();
    int m = tile.outputs();
    float[] scratch = new float[tile.scratchSize()];
    float[] positions = random(side * side, 3);

    float[] x = random(side * side, 4);
    float[] v = new float[positions.length];
    tile.input(x, 0, side * L, L, v, 0, L, scratch);
    float[] dx = new float[x.length];
    tile.addInputAdjoint(positions, 0, L, dx, 0, side * L, L, scratch);
    assertEquals(inner(v, positions), inner(x, dx), 1e-3);

    float[] before = dx.clone();
    tile.addInputAdjoint(positions, 0, L, dx, 0, side * L, L, scratch);
    for (int i = 0; i < dx.length; i++) {
      assertEquals(2 * before[i], dx[i]);
    }

    float[] y = new float[m * m * L];
    tile.output(positions, 0, L, y, 0, m * L, L, scratch);
    float[] dy = random(m * m, 5);
    float[] dm = new float[positions.length];
    tile.outputAdjoint(dy, 0, m * L, L, dm, 0, L, scratch);
    assertEquals(inner(y, dy), inner(positions, dm), 1e-3);
  }

  /** Few kernels are kept at their positions, many are computed one position at a time. */
  @ParameterizedTest
  @MethodSource("tilesAndSizes")
  void kernelsGoBackByTheAdjoint(WinogradTile tile, int vectors) {
    int size = vectors * L;
    float[] w = random(KERNEL * KERNEL * vectors, 6);
    TransformedKernels kernels = new TransformedKernels(tile, size);
    System.arraycopy(w, 0, kernels.taps, 0, w.length);
    kernels.transform();
    TransformedKernels gradients = new TransformedKernels(tile, size);
    // Twice, as for two batches: nothing of the first is left in the second.
    for (int batch = 0; batch < 2; batch++) {
      double expected = 0;
      gradients.clearGradients();
      for (int p = 0; p < tile.positions(); p++) {
        float[] du = random(vectors, 7 + p);
        int at = kernels.at(p);
        int to = gradients.gradientAt(p);
        for (int i = 0; i < size; i++) {
          expected += (double) kernels.values[at + i] * du[i];
          gradients.values[to + i] += du[i];
        }
        gradients.added(p);
      }
      gradients.gatherGradients();
      assertEquals(1, inner(w, gradients.taps) / expected, 1e-3);
    }
  }

  static Stream<Arguments> tilesAndSizes() {
    return tiles().flatMap(tile -> Stream.of(1, 500).map(size -> Arguments.of(tile, size)));
  }
}
