package io.sparkcam.testing;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;

/** Linear imputation of ROAD by LU decomposition of one equation a pixel of the whole image. */
public final class DenseImputation {
  private DenseImputation() {}

  /**
   * The image without the pixels that are missing, before noise.
   *
   * @param missing (H, W) row-major
   * @param image (H, W) row-major
   */
  public static double[] imputed(int height, int width, boolean[] missing, double... image) {
    int pixels = height * width;
    double[][] matrix = new double[pixels][pixels];
    double[] right = new double[pixels];
    for (int i = 0; i < pixels; i++) {
      matrix[i][i] = 1;
      right[i] = missing[i] ? 0 : image[i];
      double weights = 0;
      for (int j = 0; missing[i] && j < pixels; j++) {
        weights += weight(i, j, width);
      }
      for (int j = 0; missing[i] && j < pixels; j++) {
        matrix[i][j] -= weight(i, j, width) / weights;
      }
    }
    return new LUDecomposition(new Array2DRowRealMatrix(matrix, false))
        .getSolver()
        .solve(new ArrayRealVector(right, false))
        .toArray();
  }

  /** 2/12 for pixels that share a side, 1/12 for those that share a corner. */
  private static double weight(int i, int j, int width) {
    int dy = Math.abs(i / width - j / width);
    int dx = Math.abs(i % width - j % width);
    return Math.max(dy, dx) == 1 ? (3 - dy - dx) / 12.0 : 0;
  }
}
