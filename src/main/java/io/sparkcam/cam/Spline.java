package io.sparkcam.cam;

/**
 * Interpolating B-splines over samples at 0, 1, ..., n - 1, mirrored about the first and the last
 * sample (period 2n - 2), as matrices.
 *
 * <p>The spline s(u) = sum over i of c_i beta(u - i) goes through the samples f when B c = f, where
 * B is tridiagonal with the values of beta at the integers (M. Unser, A. Aldroubi, M. Eden, "Fast
 * B-spline transforms for continuous image representation and interpolation", IEEE PAMI 13(3),
 * 1991). With S the values of beta at the wanted coordinates, s = S B^-1 f: the matrix is Z = S
 * B^-1, found row by row from B^T z = s. The boundary is the one {@code
 * scipy.ndimage.spline_filter} has in mode 'constant'.
 */
final class Spline {
  private final int length;
  private final int order;

  /**
   * A spline through samples.
   *
   * @param length number of samples, n, at least 1
   * @param order degree of the pieces, 0 (nearest sample) to 3
   */
  Spline(int length, int order) {
    if (order < 0 || order > 3) {
      throw new IllegalArgumentException("spline order " + order + ", expected 0 to 3");
    }
    this.length = length;
    this.order = order;
  }

  /**
   * The matrix that turns samples into the spline's values.
   *
   * @param coordinates where to evaluate the spline; outside [0, n - 1] its value is 0
   * @return (coordinates, samples)
   */
  double[][] matrix(double[] coordinates) {
    double[][] rows = new double[coordinates.length][length];
    for (int row = 0; row < rows.length; row++) {
      if (coordinates[row] >= 0 && coordinates[row] <= length - 1) {
        addBasis(coordinates[row], rows[row]);
        removeSmoothing(rows[row]);
      }
    }
    return rows;
  }

  /**
   * Adds the values at {@code u} of the order + 1 basis functions that reach it, mirrored into the
   * samples.
   */
  private void addBasis(double u, double[] row) {
    double middle = Math.floor(order % 2 == 0 ? u + 0.5 : u);
    double t = u - middle;
    double[] basis =
        switch (order) {
          case 0 -> new double[] {1};
          case 1 -> new double[] {1 - t, t};
          case 2 -> new double[] {square(0.5 - t) / 2, 0.75 - square(t), square(0.5 + t) / 2};
          default ->
              new double[] {
                square(1 - t) * (1 - t) / 6,
                (4 - square(t) * (6 - 3 * t)) / 6,
                (4 - square(1 - t) * (3 + 3 * t)) / 6,
                square(t) * t / 6
              };
        };
    int first = (int) middle - order / 2;
    for (int i = 0; i < basis.length; i++) {
      row[mirrored(first + i)] += basis[i];
    }
  }

  private static double square(double value) {
    return value * value;
  }

  private int mirrored(int index) {
    if (length == 1) {
      return 0;
    }
    int period = 2 * length - 2;
    int inPeriod = Math.floorMod(index, period);
    return Math.min(inPeriod, period - inPeriod);
  }

  /**
   * Replaces s by the z of B^T z = s (Thomas's elimination); orders 0 and 1 already go through
   * their coefficients.
   */
  private void removeSmoothing(double[] row) {
    if (order < 2 || length == 1) {
      return;
    }
    double beside = order == 2 ? 1 / 8.0 : 1 / 6.0;
    double centre = 1 - 2 * beside;
    double[] upper = new double[length];
    for (int j = 0; j < length; j++) {
      // The mirror doubles the only neighbour that B's first and last rows have: column 1 and
      // column n - 2 of B.
      double above = j == 1 ? 2 * beside : beside;
      double below = j == length - 2 ? 2 * beside : beside;
      double pivot = j == 0 ? centre : centre - above * upper[j - 1];
      upper[j] = below / pivot;
      row[j] = (j == 0 ? row[j] : row[j] - above * row[j - 1]) / pivot;
    }
    for (int j = length - 2; j >= 0; j--) {
      row[j] -= upper[j] * row[j + 1];
    }
  }
}
