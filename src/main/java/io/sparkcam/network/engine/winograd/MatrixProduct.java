package io.sparkcam.network.engine.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of small row-major matrices, blocked by registers: eight rows by two vectors, sixteen
 * sums, enough for two multiply-adds a cycle of four cycles' latency. Every sum runs over ascending
 * k, whatever the block, so a row's result does not depend on the rows beside it.
 */
final class MatrixProduct {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.COUNT;

  /** Rows of a block; as many columns of a transposed matrix. */
  static final int ROWS = 8;

  private MatrixProduct() {}

  /**
   * {@code c = a b}.
   *
   * @param rows of {@code a} and {@code c}
   * @param aColumns of {@code a}, rows of {@code b}
   * @param bColumns of {@code b} and {@code c}: a multiple of {@link Lanes#COUNT}
   */
  static void multiply(
      int rows,
      float[] a,
      int aOffset,
      int aColumns,
      float[] b,
      int bOffset,
      int bColumns,
      float[] c,
      int cOffset) {
    int column = 0;
    for (; rows >= ROWS && column + L < bColumns; column += 2 * L) {
      for (int block = 0; block < rows; block += ROWS) {
        // The last block starts early enough to be whole: some rows are computed twice, alike.
        int row = Math.min(block, rows - ROWS);
        block2(
            aColumns,
            a,
            aOffset + row * aColumns,
            b,
            bOffset + column,
            bColumns,
            c,
            cOffset + row * bColumns + column);
      }
    }
    for (; rows >= ROWS && column < bColumns; column += L) {
      for (int block = 0; block < rows; block += ROWS) {
        int row = Math.min(block, rows - ROWS);
        block1(
            aColumns,
            a,
            aOffset + row * aColumns,
            b,
            bOffset + column,
            bColumns,
            c,
            cOffset + row * bColumns + column);
      }
    }
    for (; column < bColumns; column += L) {
      for (int row = 0; row < rows; row++) {
        row(
            aColumns,
            a,
            aOffset + row * aColumns,
            b,
            bOffset + column,
            bColumns,
            c,
            cOffset + row * bColumns + column);
      }
    }
  }

  private static void block2(
      int count, float[] a, int aStart, float[] b, int bStart, int stride, float[] c, int cAt) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    FloatVector c70 = zero;
    FloatVector c71 = zero;
    for (int k = 0; k < count; k++) {
      int at = aStart + k;
      int bAt = bStart + k * stride;
      FloatVector b0 = FloatVector.fromArray(S, b, bAt);
      FloatVector b1 = FloatVector.fromArray(S, b, bAt + L);
      FloatVector x = FloatVector.broadcast(S, a[at]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[at + count]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[at + 2 * count]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[at + 3 * count]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(S, a[at + 4 * count]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(S, a[at + 5 * count]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = FloatVector.broadcast(S, a[at + 6 * count]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = FloatVector.broadcast(S, a[at + 7 * count]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    store2(c00, c01, c, cAt);
    store2(c10, c11, c, cAt + stride);
    store2(c20, c21, c, cAt + 2 * stride);
    store2(c30, c31, c, cAt + 3 * stride);
    store2(c40, c41, c, cAt + 4 * stride);
    store2(c50, c51, c, cAt + 5 * stride);
    store2(c60, c61, c, cAt + 6 * stride);
    store2(c70, c71, c, cAt + 7 * stride);
  }

  private static void store2(FloatVector first, FloatVector second, float[] c, int at) {
    first.intoArray(c, at);
    second.intoArray(c, at + L);
  }

  private static void block1(
      int count, float[] a, int aStart, float[] b, int bStart, int stride, float[] c, int cAt) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    FloatVector c4 = zero;
    FloatVector c5 = zero;
    FloatVector c6 = zero;
    FloatVector c7 = zero;
    for (int k = 0; k < count; k++) {
      int at = aStart + k;
      FloatVector y = FloatVector.fromArray(S, b, bStart + k * stride);
      c0 = FloatVector.broadcast(S, a[at]).fma(y, c0);
      c1 = FloatVector.broadcast(S, a[at + count]).fma(y, c1);
      c2 = FloatVector.broadcast(S, a[at + 2 * count]).fma(y, c2);
      c3 = FloatVector.broadcast(S, a[at + 3 * count]).fma(y, c3);
      c4 = FloatVector.broadcast(S, a[at + 4 * count]).fma(y, c4);
      c5 = FloatVector.broadcast(S, a[at + 5 * count]).fma(y, c5);
      c6 = FloatVector.broadcast(S, a[at + 6 * count]).fma(y, c6);
      c7 = FloatVector.broadcast(S, a[at + 7 * count]).fma(y, c7);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + stride);
    c2.intoArray(c, cAt + 2 * stride);
    c3.intoArray(c, cAt + 3 * stride);
    c4.intoArray(c, cAt + 4 * stride);
    c5.intoArray(c, cAt + 5 * stride);
    c6.intoArray(c, cAt + 6 * stride);
    c7.intoArray(c, cAt + 7 * stride);
  }

  private static void row(
      int count, float[] a, int aStart, float[] b, int bStart, int stride, float[] c, int cAt) {
    FloatVector sum = FloatVector.zero(S);
    for (int k = 0; k < count; k++) {
      int at = aStart + k;
      int bAt = bStart + k * stride;
      sum = FloatVector.broadcast(S, a[at]).fma(FloatVector.fromArray(S, b, bAt), sum);
    }
    sum.intoArray(c, cAt);
  }

  /**
   * {@code c += transpose(a) b}.
   *
   * @param rows of {@code a} and {@code b}
   * @param aColumns of {@code a}, rows of {@code c}: a multiple of {@link #ROWS}
   * @param bColumns of {@code b} and {@code c}: a multiple of {@link Lanes#COUNT}
   */
  static void addTransposedProduct(
      int rows,
      float[] a,
      int aOffset,
      int aColumns,
      float[] b,
      int bOffset,
      int bColumns,
      float[] c,
      int cOffset) {
    for (int row = 0; row < aColumns; row += ROWS) {
      for (int column = 0; column < bColumns; ) {
        int cAt = cOffset + row * bColumns + column;
        if (column + L < bColumns) {
          transposed2(rows, a, aOffset + row, aColumns, b, bOffset + column, bColumns, c, cAt);
          column += 2 * L;
        } else {
          transposed1(rows, a, aOffset + row, aColumns, b, bOffset + column, bColumns, c, cAt);
          column += L;
        }
      }
    }
  }

  private static void transposed2(
      int rows,
      float[] a,
      int aStart,
      int aStride,
      float[] b,
      int bStart,
      int stride,
      float[] c,
      int cAt) {
    FloatVector c00 = FloatVector.fromArray(S, c, cAt);
    FloatVector c01 = FloatVector.fromArray(S, c, cAt + L);
    FloatVector c10 = FloatVector.fromArray(S, c, cAt + stride);
    FloatVector c11 = FloatVector.fromArray(S, c, cAt + stride + L);
    FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * stride);
    FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * stride + L);
    FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * stride);
    FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * stride + L);
    FloatVector c40 = FloatVector.fromArray(S, c, cAt + 4 * stride);
    FloatVector c41 = FloatVector.fromArray(S, c, cAt + 4 * stride + L);
    FloatVector c50 = FloatVector.fromArray(S, c, cAt + 5 * stride);
    FloatVector c51 = FloatVector.fromArray(S, c, cAt + 5 * stride + L);
    FloatVector c60 = FloatVector.fromArray(S, c, cAt + 6 * stride);
    FloatVector c61 = FloatVector.fromArray(S, c, cAt + 6 * stride + L);
    FloatVector c70 = FloatVector.fromArray(S, c, cAt + 7 * stride);
    FloatVector c71 = FloatVector.fromArray(S, c, cAt + 7 * stride + L);
    for (int k = 0; k < rows; k++) {
      int at = aStart + k * aStride;
      int bAt = bStart + k * stride;
      FloatVector b0 = FloatVector.fromArray(S, b, bAt);
      FloatVector b1 = FloatVector.fromArray(S, b, bAt + L);
      FloatVector x = FloatVector.broadcast(S, a[at]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, a[at + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, a[at + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, a[at + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(S, a[at + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(S, a[at + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = FloatVector.broadcast(S, a[at + 6]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = FloatVector.broadcast(S, a[at + 7]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
    }
    store2(c00, c01, c, cAt);
    store2(c10, c11, c, cAt + stride);
    store2(c20, c21, c, cAt + 2 * stride);
    store2(c30, c31, c, cAt + 3 * stride);
    store2(c40, c41, c, cAt + 4 * stride);
    store2(c50, c51, c, cAt + 5 * stride);
    store2(c60, c61, c, cAt + 6 * stride);
    store2(c70, c71, c, cAt + 7 * stride);
  }

  private static void transposed1(
      int rows,
      float[] a,
      int aStart,
      int aStride,
      float[] b,
      int bStart,
      int stride,
      float[] c,
      int cAt) {
    FloatVector c0 = FloatVector.fromArray(S, c, cAt);
    FloatVector c1 = FloatVector.fromArray(S, c, cAt + stride);
    FloatVector c2 = FloatVector.fromArray(S, c, cAt + 2 * stride);
    FloatVector c3 = FloatVector.fromArray(S, c, cAt + 3 * stride);
    FloatVector c4 = FloatVector.fromArray(S, c, cAt + 4 * stride);
    FloatVector c5 = FloatVector.fromArray(S, c, cAt + 5 * stride);
    FloatVector c6 = FloatVector.fromArray(S, c, cAt + 6 * stride);
    FloatVector c7 = FloatVector.fromArray(S, c, cAt + 7 * stride);
    for (int k = 0; k < rows; k++) {
      int at = aStart + k * aStride;
      FloatVector y = FloatVector.fromArray(S, b, bStart + k * stride);
      c0 = FloatVector.broadcast(S, a[at]).fma(y, c0);
      c1 = FloatVector.broadcast(S, a[at + 1]).fma(y, c1);
      c2 = FloatVector.broadcast(S, a[at + 2]).fma(y, c2);
      c3 = FloatVector.broadcast(S, a[at + 3]).fma(y, c3);
      c4 = FloatVector.broadcast(S, a[at + 4]).fma(y, c4);
      c5 = FloatVector.broadcast(S, a[at + 5]).fma(y, c5);
      c6 = FloatVector.broadcast(S, a[at + 6]).fma(y, c6);
      c7 = FloatVector.broadcast(S, a[at + 7]).fma(y, c7);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + stride);
    c2.intoArray(c, cAt + 2 * stride);
    c3.intoArray(c, cAt + 3 * stride);
    c4.intoArray(c, cAt + 4 * stride);
    c5.intoArray(c, cAt + 5 * stride);
    c6.intoArray(c, cAt + 6 * stride);
    c7.intoArray(c, cAt + 7 * stride);
  }
}
