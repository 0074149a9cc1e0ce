package io.sparkcam.explain;

import io.sparkcam.network.HeadKind;
import java.util.Arrays;

/**
 * What one image's prediction would be if only some cells of its features were there, for every
 * subset S of them:
 *
 * <pre>{@code v(S) = head(bias + sum over i in S of cam_i / cells)}</pre>
 *
 * of the class that is predicted for the whole image. A cell that is not there counts as features
 * of zero in an average whose divisor stays. Exact, without a forward pass, since logits are sums
 * over cells. Where there are many cells, {@link CellGroups} stand for them. Bit i of a subset is
 * cell i.
 *
 * <p>With odds {@code exp(z_c - z_p)} of each class against the predicted one, a subset's odds are
 * products over its cells, so that a subset costs one multiplication a class. Belongs to one thread
 * at a time.
 */
public final class CellCoalitions {
  /** Logarithms of odds up to this keep their products within doubles. */
  private static final double MOST = 700;

  private final CellGroups groups;
  private final int[] groupOf;
  private final int classes;
  private final HeadKind head;
  private final float[] bias;
  private final double[][] shares;
  private final double[] margins;
  private final double[] odds;
  private final double[] total;
  private final double[] below;
  private final double[] above;
  private final double[] weights;

  /**
   * Of networks with this head.
   *
   * @param bias (C) of the dense layer; copied
   */
  public CellCoalitions(ExplanationShape shape, HeadKind head, float[] bias) {
    this.groups = CellGroups.of(shape);
    this.groupOf = new int[shape.cells()];
    Arrays.setAll(groupOf, groups::group);
    this.classes = shape.classes();
    this.head = head;
    this.bias = bias.clone();
    int cells = groups.count();
    shares = new double[classes + 1][cells]; // the last one: logit 0
    margins = new double[cells];
    odds = new double[1 << cells];
    total = new double[1 << cells];
    below = new double[1 << cells];
    above = new double[1 << cells];
    weights = new double[cells + 1]; // s! (n - s - 1)! / n!; none for s = n
    double weight = 1.0 / cells;
    for (int s = 0; s < cells; s++) {
      weights[s] = weight;
      weight *= (s + 1.0) / Math.max(1, cells - s - 1);
    }
  }

  /** Takes an image's maps (C, h, w) from {@code offset} on, and its predicted class. */
  public void load(float[] maps, int offset, int predicted) {
    for (int c = 0; c < classes; c++) {
      Arrays.fill(shares[c], 0);
      for (int cell = 0; cell < groupOf.length; cell++) {
        shares[c][groupOf[cell]] += (double) maps[offset + c * groupOf.length + cell];
      }
      for (int group = 0; group < shares[c].length; group++) {
        shares[c][group] /= groupOf.length;
      }
    }
    Arrays.fill(total, 1);
    Arrays.fill(below, 0);
    Arrays.fill(above, 0);
    for (int c = 0; c < classes; c++) {
      if (c != predicted) {
        against(predicted, c, bias[c]);
        double[] most = c < predicted ? below : above;
        for (int set = 0; set < odds.length; set++) {
          most[set] = Math.max(most[set], odds[set]);
          total[set] += head == HeadKind.SOFTMAX ? odds[set] : 0;
        }
      }
    }
    if (head == HeadKind.SIGMOID) {
      against(predicted, classes, 0);
      for (int set = 0; set < odds.length; set++) {
        total[set] += odds[set];
      }
    }
  }

  /** Leaves the odds of one class against the predicted one, of every subset. */
  private void against(int predicted, int other, double otherBias) {
    double margin = otherBias - bias[predicted];
    double size = Math.abs(margin);
    for (int cell = 0; cell < margins.length; cell++) {
      margins[cell] = shares[other][cell] - shares[predicted][cell];
      size += Math.abs(margins[cell]);
    }
    boolean products = size < MOST;
    odds[0] = products ? Math.exp(margin) : margin;
    for (int cell = 0; cell < margins.length; cell++) {
      int half = 1 << cell;
      double step = products ? Math.exp(margins[cell]) : margins[cell];
      for (int set = 0; set < half; set++) {
        odds[half + set] = products ? odds[set] * step : odds[set] + step;
      }
    }
    for (int set = 0; !products && set < odds.length; set++) {
      odds[set] = Math.exp(odds[set]);
    }
  }

  CellGroups groups() {
    return groups;
  }

  /** v of a subset: probability of the class that is predicted for the whole image. */
  public double probability(int set) {
    return 1 / total[set];
  }

  /** Whether a subset alone is predicted as the whole image is; the lowest of equals is. */
  private boolean keeps(int set) {
    return set == odds.length - 1 || (below[set] < 1 && above[set] <= 1);
  }

  /**
   * Shapley values (L. Shapley, "A value for n-person games", 1953): the mean, over all orders of
   * the cells, of what a cell adds to v when it joins those before it. They add up to v(all) -
   * v(none).
   *
   * @param values receives one a cell from {@code offset} on
   */
  public void shapley(float[] values, int offset) {
    int cells = margins.length;
    double absent = 0;
    for (int set = 0; set < odds.length; set++) {
      int size = Integer.bitCount(set);
      double without = weights[size] / total[set];
      absent += without;
      odds[set] = without + (size == 0 ? 0 : weights[size - 1] / total[set]);
    }
    for (int cell = 0; cell < cells; cell++) {
      double sum = -absent;
      for (int first = 1 << cell; first < odds.length; first += 2 << cell) {
        for (int set = first; set < first + (1 << cell); set++) {
          sum += odds[set];
        }
      }
      values[offset + cell] = (float) sum;
    }
  }

  /**
   * The fewest cells that are predicted as the whole image is; of as many those with the lowest
   * cell. May be none.
   */
  public int sufficient() {
    int best = odds.length - 1;
    for (int set = 0; set < odds.length; set++) {
      if (keeps(set) && precedes(set, best)) {
        best = set;
      }
    }
    return best;
  }

  /**
   * The fewest cells without which the image is predicted as something else; {@link
   * ExplanationBatch#NONE} if there are none.
   */
  public int deciding() {
    int best = ExplanationBatch.NONE;
    for (int set = 1; set < odds.length; set++) {
      if (!keeps(odds.length - 1 - set) && (best == ExplanationBatch.NONE || precedes(set, best))) {
        best = set;
      }
    }
    return best;
  }

  private static boolean precedes(int set, int other) {
    int difference = Integer.bitCount(set) - Integer.bitCount(other);
    return difference < 0
        || (difference == 0
            && Integer.compareUnsigned(Integer.reverse(set), Integer.reverse(other)) > 0);
  }
}
