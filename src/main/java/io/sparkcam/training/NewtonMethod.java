package io.sparkcam.training;

import java.util.function.UnaryOperator;

/**
 * The minimum of a strictly convex function by Newton's method, whose steps are solved for by
 * preconditioned conjugate gradients no further than they are worth (Nocedal and Wright 2006,
 * chapter 7.1), and halved where the function does not fall.
 */
final class NewtonMethod {
  /** Share of the fall that the slope promises which a step must bring. */
  private static final double LEAST_FALL = 1e-4;

  /** By which values differ that are the same but for rounding. */
  private static final double ROUNDING = 1e-12;

  private static final int MOST_HALVINGS = 40;
  private static final int MOST_PRODUCTS = 500;

  /** What is minimised. */
  interface Objective {
    /**
     * Its value at a point.
     *
     * @param gradient receives the gradient
     */
    double at(double[] point, double[] gradient);

    /** The Hessian at a point, multiplied by a direction. */
    double[] hessian(double[] point, double[] direction);

    /** What multiplies by about the inverse of the Hessian at a point. */
    UnaryOperator<double[]> inverse(double[] point);
  }

  private final Objective objective;
  private double[] point;
  private double[] gradient;
  private double value;

  private NewtonMethod(Objective objective, int dimensions) {
    this.objective = objective;
    this.point = new double[dimensions];
    this.gradient = new double[dimensions];
    this.value = objective.at(point, gradient);
  }

  /**
   * Searches from the origin.
   *
   * @param tolerance norm of the gradient below which it ends
   * @param mostSteps after which it ends where it is
   */
  static double[] minimum(Objective objective, int dimensions, double tolerance, int mostSteps) {
    NewtonMethod search = new NewtonMethod(objective, dimensions);
    for (int step = 0; step < mostSteps && norm(search.gradient) >= tolerance; step++) {
      search.step(tolerance);
    }
    return search.point;
  }

  private void step(double tolerance) {
    double norm = norm(gradient);
    double[] direction = direction(Math.max(tolerance / 4, norm * Math.min(0.1, Math.sqrt(norm))));
    double slope = dot(gradient, direction);
    double[] next = point;
    double length = 1;
    for (int halving = 0; halving < MOST_HALVINGS; halving++, length /= 2) {
      next = point.clone();
      add(length, direction, next);
      double[] slopes = new double[next.length];
      double found = objective.at(next, slopes);
      if (found <= value + LEAST_FALL * length * slope + ROUNDING * Math.abs(value)) {
        point = next;
        value = found;
        gradient = slopes;
        return;
      }
    }
    throw new IllegalStateException(
        "loss %s with a gradient of %s does not fall".formatted(value, norm));
  }

  /** Solves {@code hessian * direction = -gradient} but for a residual of this norm. */
  private double[] direction(double residualNorm) {
    UnaryOperator<double[]> inverse = objective.inverse(point);
    double[] direction = new double[point.length];
    double[] residual = gradient.clone();
    scale(-1, residual);
    double[] z = inverse.apply(residual);
    double[] search = z.clone();
    double rz = dot(residual, z);
    for (int i = 0; i < MOST_PRODUCTS && norm(residual) > residualNorm; i++) {
      double[] product = objective.hessian(point, search);
      double length = rz / dot(search, product);
      add(length, search, direction);
      add(-length, product, residual);
      z = inverse.apply(residual);
      double next = dot(residual, z);
      scale(next / rz, search);
      add(1, z, search);
      rz = next;
    }
    return direction;
  }

  private static void scale(double factor, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  private static void add(double factor, double[] values, double[] to) {
    for (int i = 0; i < values.length; i++) {
      to[i] += factor * values[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    return dot(a, 0, b);
  }

  /** Of b and as many of a; four partial sums, as one would wait for itself at every term. */
  static double dot(double[] a, int offset, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < b.length; i += 4) {
      s0 += a[offset + i] * b[i];
      s1 += a[offset + i + 1] * b[i + 1];
      s2 += a[offset + i + 2] * b[i + 2];
      s3 += a[offset + i + 3] * b[i + 3];
    }
    for (; i < b.length; i++) {
      s0 += a[offset + i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  static double norm(double[] values) {
    return Math.sqrt(dot(values, values));
  }
}
