package io.sparkcam.testing;

/** How far one array of numbers is from another. */
public final class Distance {
  private Distance() {}

  /** Largest difference of two values. */
  public static double largest(float[] expected, float[] actual) {
    requireLength(expected, actual);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      // Not Math.max alone: a value that is not a number is infinitely far.
      largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return largest;
  }

  /** Norm of the difference by norm of what is expected, both Euclidean. */
  public static double relative(float[] expected, float[] actual) {
    return relative(expected, actual, 0, expected.length);
  }

  /** The same of the values {@code from} to without {@code end} of each. */
  public static double relative(float[] expected, float[] actual, int from, int end) {
    requireLength(expected, actual);
    double difference = 0;
    double norm = 0;
    for (int i = from; i < end; i++) {
      difference += Math.pow((double) expected[i] - actual[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }

  private static void requireLength(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      throw new AssertionError(actual.length + " values, expected " + expected.length);
    }
  }
}
