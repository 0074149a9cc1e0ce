package io.sparkcam.cam;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Groups of points by k-means (S. Lloyd, "Least squares quantization in PCM", 1982), as many as
 * have the largest Bayesian information criterion of spherical Gaussians of one variance (D.
 * Pelleg, A. Moore, "X-means", ICML 2000). Coordinates that go together are no independent
 * observations, so the criterion counts as many as the points have effective dimensions: {@code
 * tr(C)^2 / tr(C^2)} of their covariance C (the participation ratio). Starts are drawn as k-means++
 * does (D. Arthur, S. Vassilvitskii, 2007); the best of several counts. The same points in the same
 * order and the same seed give the same groups.
 */
public final class KMeans {
  private static final int STARTS = 8;
  private static final int ROUNDS = 50;

  private final float[][] points;
  private final double dimensions;
  private final int[] nearest;
  private double[][] centres;
  private double error;

  private KMeans(float[][] points, double dimensions) {
    this.points = points;
    this.dimensions = dimensions;
    this.nearest = new int[points.length];
  }

  /**
   * The centres of the groups.
   *
   * @param points (n, d), n at least 1
   * @param most groups
   */
  public static List<double[]> centres(float[][] points, int most, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double dimensions = dimensions(points);
    List<double[]> best = List.of();
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 1; k <= Math.min(most, points.length - 1) || k == 1; k++) {
      KMeans least = null;
      for (int start = 0; start < (k == 1 ? 1 : STARTS); start++) {
        KMeans tried = new KMeans(points, dimensions);
        tried.run(k, random);
        least = least == null || tried.error < least.error ? tried : least;
      }
      double criterion = least.criterion();
      if (criterion > largest) {
        largest = criterion;
        best = new ArrayList<>(Arrays.asList(least.centres));
      }
      if (least.error == 0 || least.centres.length < k) {
        break;
      }
    }
    return best;
  }

  /** The centre that is nearest to a point; the first of several. */
  public static int nearest(List<double[]> centres, float... point) {
    int nearest = 0;
    for (int k = 1; k < centres.size(); k++) {
      nearest =
          distance(point, centres.get(k)) < distance(point, centres.get(nearest)) ? k : nearest;
    }
    return nearest;
  }

  /** The square of the distance. */
  public static double distance(float[] point, double... centre) {
    double sum = 0;
    for (int i = 0; i < point.length; i++) {
      sum += (point[i] - centre[i]) * (point[i] - centre[i]);
    }
    return sum;
  }

  private void run(int k, SplittableRandom random) {
    centres = starts(k, random);
    double before = Double.POSITIVE_INFINITY;
    error = assign();
    for (int round = 0; round < ROUNDS && error < before; round++) {
      before = error;
      move();
      error = assign();
    }
  }

  private double[][] starts(int k, SplittableRandom random) {
    double[] squares = new double[points.length];
    Arrays.fill(squares, Double.POSITIVE_INFINITY);
    List<double[]> starts = new ArrayList<>();
    int next = random.nextInt(points.length);
    while (starts.size() < k) {
      double[] start = new double[points[next].length];
      for (int i = 0; i < start.length; i++) {
        start[i] = points[next][i];
      }
      starts.add(start);
      double total = 0;
      for (int n = 0; n < points.length; n++) {
        squares[n] = Math.min(squares[n], distance(points[n], start));
        total += squares[n];
      }
      if (total == 0) { // no other point is left
        break;
      }
      double drawn = random.nextDouble() * total;
      next = -1;
      for (int n = 0; n < points.length && drawn >= 0; n++) {
        next = squares[n] > 0 ? n : next;
        drawn -= squares[n];
      }
    }
    return starts.toArray(new double[0][]);
  }

  private double assign() {
    double sum = 0;
    for (int n = 0; n < points.length; n++) {
      nearest[n] = nearest(Arrays.asList(centres), points[n]);
      sum += distance(points[n], centres[nearest[n]]);
    }
    return sum;
  }

  /** Moves every centre to the mean of its points; one without points stays. */
  private void move() {
    double[][] sums = new double[centres.length][points[0].length];
    int[] counts = new int[centres.length];
    for (int n = 0; n < points.length; n++) {
      counts[nearest[n]]++;
      for (int i = 0; i < points[n].length; i++) {
        sums[nearest[n]][i] += points[n][i];
      }
    }
    for (int k = 0; k < centres.length; k++) {
      for (int i = 0; i < sums[k].length && counts[k] > 0; i++) {
        centres[k][i] = sums[k][i] / counts[k];
      }
    }
  }

  /** Effective ones, from 1 to those of a point. */
  static double dimensions(float[][] points) {
    int d = points[0].length;
    double[] means = new double[d];
    for (float[] point : points) {
      for (int i = 0; i < d; i++) {
        means[i] += point[i] / (double) points.length;
      }
    }
    double[][] covariance = new double[d][d];
    for (float[] point : points) {
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          covariance[i][j] += (point[i] - means[i]) * (point[j] - means[j]);
        }
      }
    }
    double trace = 0;
    double squares = 0;
    for (int i = 0; i < d; i++) {
      trace += covariance[i][i];
      for (int j = 0; j < d; j++) {
        squares += covariance[i][j] * covariance[i][j];
      }
    }
    return squares == 0 ? 1 : trace * trace / squares;
  }

  private double criterion() {
    int n = points.length;
    int k = centres.length;
    double d = dimensions;
    if (error == 0 || n <= k) {
      return error == 0 ? Double.MAX_VALUE : Double.NEGATIVE_INFINITY;
    }
    double variance = error / (d * (n - k));
    int[] counts = new int[k];
    for (int group : nearest) {
      counts[group]++;
    }
    double likelihood = -n * d / 2 * Math.log(2 * Math.PI * variance) - d * (n - k) / 2;
    for (int count : counts) {
      likelihood += count == 0 ? 0 : count * Math.log((double) count / n);
    }
    return likelihood - (k - 1 + d * k + 1) / 2 * Math.log(n);
  }
}
