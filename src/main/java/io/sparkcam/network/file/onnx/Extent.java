package io.sparkcam.network.file.onnx;

import io.sparkcam.network.CellGrid;
import java.util.Arrays;

/**
 * What is known of a tensor before it is computed, for a batch of one image or of as many as the
 * graph insists on.
 *
 * @param dims its sides
 * @param rowAxis which of them are rows of cells; -1: none, or unknown
 * @param columnAxis which of them are columns of cells
 * @param rows where its rows look
 * @param columns where its columns look
 * @param nonNegative whether no value can be below 0
 */
record Extent(
    int[] dims,
    int rowAxis,
    int columnAxis,
    CellGrid.Axis rows,
    CellGrid.Axis columns,
    boolean nonNegative) {
  static final int NO_AXIS = -1;

  /** Of cells that look at several places, or of no cells. */
  static final CellGrid.Axis NOWHERE = new CellGrid.Axis(Double.NaN, Double.NaN);

  /** Without cells. */
  static Extent flat(int[] dims, boolean nonNegative) {
    return new Extent(dims, NO_AXIS, NO_AXIS, NOWHERE, NOWHERE, nonNegative);
  }

  int rank() {
    return dims.length;
  }

  long count() {
    long all = 1;
    for (int dim : dims) {
      all *= dim;
    }
    return all;
  }

  /** Whether it has rows and columns. */
  boolean hasCells() {
    return rowAxis >= 0 && columnAxis >= 0;
  }

  /** Rows times columns. */
  int cells() {
    return dims[rowAxis] * dims[columnAxis];
  }

  /** The axis that is neither the first nor one of cells; only of rank 4. */
  int channelAxis() {
    return 6 - rowAxis - columnAxis;
  }

  Extent withDims(int... newDims) {
    return new Extent(newDims, rowAxis, columnAxis, rows, columns, nonNegative);
  }

  Extent signed(boolean never) {
    return new Extent(dims, rowAxis, columnAxis, rows, columns, never);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
