package io.sparkcam.network.engine.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Winograd's minimal filtering F(m x m, 3 x 3) on tiles of (m + 2) x (m + 2) inputs (Winograd 1980;
 * Lavin and Gray 2016, <a href="https://arxiv.org/abs/1509.09308">arXiv:1509.09308</a>): {@code Y =
 * At [(G w Gt) * (Bt x B)] A}, where {@code *} multiplies value by value, so that a convolution of
 * many channels becomes one matrix product for each of the (m + 2)^2 positions of a tile.
 *
 * <p>A tile is computed for {@link Lanes#COUNT} channels at once. The way back is the adjoint of
 * the way forward, step by step: {@code dM = A dY At}, {@code dX = B dV Bt}, {@code dw = Gt dU G}.
 *
 * <p>The line methods apply one of the matrices to {@code count} lines: each to the vectors at
 * {@code at}, {@code at + step}, ..., written to {@code toAt}, {@code toAt + toStep}, ...; from one
 * line to the next, {@code at} grows by {@code next} and {@code toAt} by {@code toNext}. C2 must
 * compile each alone, which {@code conf/spark-defaults.conf} tells it: what had several of them
 * inlined would grow so large that C2 gives up on vectors, as chance has it in one process of
 * three.
 */
abstract class WinogradTile {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Side of the kernel. */
  static final int KERNEL = 3;

  private static final int L = Lanes.COUNT;

  /** m: outputs on a side of the tile. */
  abstract int outputs();

  /** m + 2: inputs on a side. */
  final int side() {
    return outputs() + KERNEL - 1;
  }

  /** (m + 2)^2. */
  final int positions() {
    return side() * side();
  }

  /** Floats of the scratch memory that every method here wants. */
  final int scratchSize() {
    return 2 * positions() * L;
  }

  /** {@code to = Bt values}: m + 2 to m + 2. */
  abstract void inputLines(
      int count,
      float[] values,
      int at,
      int step,
      int next,
      float[] to,
      int toAt,
      int toStep,
      int toNext);

  /** {@code to = B values}: m + 2 to m + 2. */
  abstract void inputAdjointLines(
      int count,
      float[] values,
      int at,
      int step,
      int next,
      float[] to,
      int toAt,
      int toStep,
      int toNext);

  /** {@code to = At values}: m + 2 to m. */
  abstract void outputLines(
      int count,
      float[] values,
      int at,
      int step,
      int next,
      float[] to,
      int toAt,
      int toStep,
      int toNext);

  /** {@code to = A values}: m to m + 2. */
  abstract void outputAdjointLines(
      int count,
      float[] values,
      int at,
      int step,
      int next,
      float[] to,
      int toAt,
      int toStep,
      int toNext);

  /** G: m + 2 rows of 3. */
  abstract float[][] kernelMatrix();

  /** {@code v = Bt x B}: pixels at {@code row} and {@code column} steps to positions. */
  final void input(
      float[] x, int xAt, int row, int column, float[] v, int vAt, int position, float[] scratch) {
    int side = side();
    inputLines(side, x, xAt, row, column, scratch, 0, side * L, L);
    inputLines(side, scratch, 0, L, side * L, v, vAt, position, side * position);
  }

  /** {@code x += B v Bt}: adjoint of {@link #input}. */
  final void addInputAdjoint(
      float[] v, int vAt, int position, float[] x, int xAt, int row, int column, float[] scratch) {
    int side = side();
    int sums = positions() * L;
    inputAdjointLines(side, v, vAt, position, side * position, scratch, 0, L, side * L);
    inputAdjointLines(side, scratch, 0, side * L, L, scratch, sums, side * L, L);
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        int at = xAt + i * row + j * column;
        FloatVector.fromArray(S, x, at)
            .add(FloatVector.fromArray(S, scratch, sums + (i * side + j) * L))
            .intoArray(x, at);
      }
    }
  }

  /** {@code y = At m A}: positions to pixels. */
  final void output(
      float[] m, int mAt, int position, float[] y, int yAt, int row, int column, float[] scratch) {
    int side = side();
    outputLines(side, m, mAt, position, side * position, scratch, 0, L, side * L);
    outputLines(outputs(), scratch, 0, side * L, L, y, yAt, row, column);
  }

  /** {@code m = A y At}: adjoint of {@link #output}. */
  final void outputAdjoint(
      float[] y, int yAt, int row, int column, float[] m, int mAt, int position, float[] scratch) {
    int side = side();
    outputAdjointLines(outputs(), y, yAt, row, column, scratch, 0, side * L, L);
    outputAdjointLines(side, scratch, 0, L, side * L, m, mAt, position, side * position);
  }
}
