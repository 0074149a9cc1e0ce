package io.sparkcam.aggregate;

import java.io.Serializable;

/**
 * Sums and sums of squares of equally long arrays, element by element.
 *
 * <p>Each sum carries its rounding errors along in a second double (Neumaier,
 * "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974), and the square
 * of a float is a double exactly: the results, rounded to float, do not depend on the order in
 * which arrays came and parts were merged.
 *
 * <p>Public for Spark's encoder, which takes no other class.
 */
public final class ArraySums implements Serializable {
  private static final long serialVersionUID = 1L;

  private long count;

  /** Null until the first array tells how long they are. */
  private double[] sums;

  private double[] sumErrors;
  private double[] squares;
  private double[] squareErrors;

  void add(float[] values) {
    expect(values.length);
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      add(sums, sumErrors, i, value);
      add(squares, squareErrors, i, value * value);
    }
    count++;
  }

  void add(ArraySums other) {
    if (other.count == 0) {
      return;
    }
    expect(other.sums.length);
    for (int i = 0; i < sums.length; i++) {
      add(sums, sumErrors, i, other.sums[i]);
      sumErrors[i] += other.sumErrors[i];
      add(squares, squareErrors, i, other.squares[i]);
      squareErrors[i] += other.squareErrors[i];
    }
    count += other.count;
  }

  private void expect(int length) {
    if (sums == null) {
      sums = new double[length];
      sumErrors = new double[length];
      squares = new double[length];
      squareErrors = new double[length];
    } else if (sums.length != length) {
      throw new IllegalArgumentException(
          "array of " + length + " values, expected " + sums.length + " as before");
    }
  }

  /** The error of a floating-point sum is a floating-point number, and this is it (Knuth). */
  private static void add(double[] sums, double[] errors, int i, double value) {
    double before = sums[i];
    double after = before + value;
    double added = after - before;
    errors[i] += (before - (after - added)) + (value - added);
    sums[i] = after;
  }

  long count() {
    return count;
  }

  /** Sum over the arrays of x, divided by their number. */
  float[] means() {
    float[] means = new float[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sum(i) / count);
    }
    return means;
  }

  /** Mean of x squared, less the square of the mean of x; at least 0. */
  float[] variances() {
    float[] variances = new float[sums.length];
    for (int i = 0; i < variances.length; i++) {
      double mean = sum(i) / count;
      variances[i] = (float) Math.max(0, (squares[i] + squareErrors[i]) / count - mean * mean);
    }
    return variances;
  }

  private double sum(int i) {
    return sums[i] + sumErrors[i];
  }
}
