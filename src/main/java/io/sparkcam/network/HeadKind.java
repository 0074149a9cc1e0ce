package io.sparkcam.network;

/** What makes probabilities of a network's logits, one row of C logits an image. */
public enum HeadKind {
  /** Classes exclude each other: {@code p[c] = exp(z[c]) / sum over d of exp(z[d])}. */
  SOFTMAX {
    @Override
    public void probabilities(int batch, int classes, float[] logits, float[] probabilities) {
      for (int n = 0; n < batch; n++) {
        int row = n * classes;
        // Shifted by the largest, so that nothing overflows.
        float top = logits[row];
        for (int c = 1; c < classes; c++) {
          top = Math.max(top, logits[row + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
          double e = Math.exp(logits[row + c] - top);
          probabilities[row + c] = (float) e;
          sum += e;
        }
        for (int c = 0; c < classes; c++) {
          probabilities[row + c] = (float) (probabilities[row + c] / sum);
        }
      }
    }

    @Override
    public double loss(float[] logits, int from, int classes, int label) {
      return crossEntropy(logits, from, classes, label);
    }
  },
  /** Each class may be there or not: {@code p[c] = 1 / (1 + exp(-z[c]))}. */
  SIGMOID {
    @Override
    public void probabilities(int batch, int classes, float[] logits, float[] probabilities) {
      for (int i = 0; i < batch * classes; i++) {
        probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
      }
    }

    /** Of all classes, of which the label alone is there. */
    @Override
    public double loss(float[] logits, int from, int classes, int label) {
      double sum = -logits[from + label];
      for (int c = 0; c < classes; c++) {
        double z = logits[from + c];
        sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }
      return sum;
    }
  };

  /**
   * Computes the probabilities of a batch.
   *
   * @param logits {@code (batch, C)}
   * @param probabilities receives {@code (batch, C)}
   */
  public abstract void probabilities(int batch, int classes, float[] logits, float[] probabilities);

  /**
   * The cross-entropy of one image, in nats, however large its logits are.
   *
   * @param logits C of the image from {@code from} on
   */
  public abstract double loss(float[] logits, int from, int classes, int label);

  /**
   * The loss of one image, in nats, however large its logits are: minus the logarithm of the
   * label's softmax.
   *
   * @param logits C of the image from {@code from} on
   */
  public static double crossEntropy(float[] logits, int from, int classes, int label) {
    double top = logits[from];
    for (int c = 1; c < classes; c++) {
      top = Math.max(top, logits[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits[from + c] - top);
    }
    return Math.log(sum) - (logits[from + label] - top);
  }
}
