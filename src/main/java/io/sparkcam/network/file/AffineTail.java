package io.sparkcam.network.file;

/**
 * The affine layers at the end of a network, composed into one, from the last layer back: {@code
 * logit_c = bias_c + sum over k of weight_kc * input_k}. Without a layer it is the identity.
 */
public final class AffineTail {
  /** A layer's weight of its input {@code k} for its output {@code i}. */
  @FunctionalInterface
  public interface Weights {
    double at(int k, int i);
  }

  /** (inputs, outputs); null: the identity. */
  private double[][] weights;

  private final double[] bias;

  /** Of a network of so many logits. */
  public AffineTail(int outputs) {
    bias = new double[outputs];
  }

  /** Whether no layer but biases has been put before it. */
  public boolean isIdentity() {
    return weights == null;
  }

  /** Values that it takes. */
  public int inputs() {
    return isIdentity() ? bias.length : weights.length;
  }

  /** Puts a bias before its input {@code i}. */
  public void addBias(int i, double value) {
    addRow(bias, value, i);
  }

  /** Multiplies each input by its factor. */
  public void scale(double... factors) {
    double[][] scaled = new double[inputs()][bias.length];
    for (int k = 0; k < scaled.length; k++) {
      addRow(scaled[k], factors[k], k);
    }
    weights = scaled;
  }

  /**
   * Puts a dense layer before it.
   *
   * @param layer of which the outputs are this one's inputs
   */
  public void dense(int layerInputs, Weights layer) {
    double[][] composed = new double[layerInputs][bias.length];
    for (int k = 0; k < layerInputs; k++) {
      for (int i = 0; i < inputs(); i++) {
        addRow(composed[k], layer.at(k, i), i);
      }
    }
    weights = composed;
  }

  /** {@code row += factor * weights[i]}. */
  private void addRow(double[] row, double factor, int i) {
    if (isIdentity()) {
      row[i] += factor;
      return;
    }
    for (int c = 0; c < row.length; c++) {
      row[c] += factor * weights[i][c];
    }
  }

  /** Weights {@code (inputs, outputs)} row-major. */
  public float[] weights() {
    int outputs = bias.length;
    float[] flat = new float[Math.multiplyExact(inputs(), outputs)];
    for (int k = 0; k < inputs(); k++) {
      for (int c = 0; c < outputs; c++) {
        flat[k * outputs + c] = isIdentity() ? (k == c ? 1 : 0) : (float) weights[k][c];
      }
    }
    return flat;
  }

  /** One a logit. */
  public float[] bias() {
    float[] values = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      values[c] = (float) bias[c];
    }
    return values;
  }
}
