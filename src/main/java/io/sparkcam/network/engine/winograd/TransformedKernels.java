package io.sparkcam.network.engine.winograd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of a convolution at the positions of a {@link WinogradTile}: {@code u = G w Gt} for
 * each pair of channels, and on the way back {@code dw = Gt du G}.
 *
 * <p>There are about three times as many values at the positions as in the kernels. Where they fit
 * in the second-level cache, they are kept; larger ones are computed each time they are wanted,
 * which is quicker than to fetch them.
 */
final class TransformedKernels {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.COUNT;
  private static final int KEPT_FLOATS = 128 * 1024;

  /** {@code (tap, in, out)}: w, or dw. */
  final float[] taps;

  /** What {@link #at} refers to. */
  final float[] values;

  private final float[][] matrix;
  private final int size;
  private final boolean kept;

  /** Floats from one position to the next; a little more lest all share a cache set. */
  private final int step;

  /** {@code G w} of one row of positions, {@code (kernel column, in, out)}. */
  private final float[] row;

  /**
   * @param size values of a position: input channels by output channels, as stored
   */
  TransformedKernels(WinogradTile tile, int size) {
    this.matrix = tile.kernelMatrix();
    this.size = size;
    this.kept = tile.positions() * size <= KEPT_FLOATS;
    this.step = kept ? size + L : 0;
    this.taps = new float[WinogradTile.KERNEL * WinogradTile.KERNEL * size];
    this.values = new float[kept ? tile.positions() * step : size];
    this.row = new float[WinogradTile.KERNEL * size];
  }

  /** After {@link #taps} have changed. */
  void transform() {
    for (int p = 0; kept && p < matrix.length * matrix.length; p++) {
      compute(p);
    }
  }

  /** Where in {@link #values} those of a position are; positions must be asked for in order. */
  int at(int position) {
    if (!kept) {
      compute(position);
    }
    return position * step;
  }

  private void compute(int position) {
    int column = position % matrix.length;
    if (column == 0) {
      float[] g = matrix[position / matrix.length];
      for (int k = 0; k < WinogradTile.KERNEL; k++) {
        combine(g, taps, k * size, WinogradTile.KERNEL * size, row, k * size);
      }
    }
    combine(matrix[column], row, 0, size, values, position * step);
  }

  /** {@code to = g[0] from[at..] + g[1] from[at + next..] + g[2] from[at + 2 next..]}. */
  private void combine(float[] g, float[] from, int at, int next, float[] to, int toAt) {
    for (int i = 0; i < size; i += L) {
      FloatVector.fromArray(S, from, at + i)
          .mul(g[0])
          .add(FloatVector.fromArray(S, from, at + next + i).mul(g[1]))
          .add(FloatVector.fromArray(S, from, at + 2 * next + i).mul(g[2]))
          .intoArray(to, toAt + i);
    }
  }

  /** Before the first {@link #gradientAt} of a batch. */
  void clearGradients() {
    Arrays.fill(kept ? values : taps, 0f);
  }

  /** Where in {@link #values} to add the derivatives at a position; in order. */
  int gradientAt(int position) {
    if (!kept) {
      Arrays.fill(values, 0f);
    }
    return position * step;
  }

  /** When those of {@code position} have been added. */
  void added(int position) {
    if (!kept) {
      computeAdjoint(position);
    }
  }

  /** Leaves the batch's derivatives in {@link #taps}. */
  void gatherGradients() {
    if (kept) {
      Arrays.fill(taps, 0f);
      for (int p = 0; p < matrix.length * matrix.length; p++) {
        computeAdjoint(p);
      }
    }
  }

  private void computeAdjoint(int position) {
    int column = position % matrix.length;
    if (column == 0) {
      Arrays.fill(row, 0f);
    }
    for (int k = 0; k < WinogradTile.KERNEL; k++) {
      addScaled(matrix[column][k], values, position * step, row, k * size, size);
    }
    if (column == matrix.length - 1) {
      for (int k = 0; k < WinogradTile.KERNEL; k++) {
        float factor = matrix[position / matrix.length][k];
        addScaled(factor, row, 0, taps, k * WinogradTile.KERNEL * size, WinogradTile.KERNEL * size);
      }
    }
  }

  private static void addScaled(
      float factor, float[] from, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector.fromArray(S, from, at + i)
          .mul(factor)
          .add(FloatVector.fromArray(S, to, toAt + i))
          .intoArray(to, toAt + i);
    }
  }
}
