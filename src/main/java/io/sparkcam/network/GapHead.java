package io.sparkcam.network;

import java.util.Arrays;

/**
 * Global average pooling, the dense layer and its softmax, forward and backward, in plain Java on
 * {@code float[]}.
 *
 * <p>Parameters lie as DL4J's {@code OutputLayer} lays them out: weights {@code (K, C)} in f order,
 * so the K weights of one class are neighbours, then C biases. Features are {@code (batch, h, w,
 * K)}.
 */
public final class GapHead {
  private final int cells;
  private final int channels;
  private final int classes;

  /**
   * @param cells feature cells of one image: h times w
   * @param channels feature channels: K
   * @param classes number of classes: C
   */
  public GapHead(int cells, int channels, int classes) {
    this.cells = cells;
    this.channels = channels;
    this.classes = classes;
  }

  /** Number of parameters: K times C weights and C biases. */
  public int parameterCount() {
    return channels * classes + classes;
  }

  /** {@code pooled[n, k]} = mean of channel k over the cells of image n. */
  public void pool(int batch, float[] features, float[] pooled) {
    float share = 1f / cells;
    for (int n = 0; n < batch; n++) {
      int to = n * channels;
      Arrays.fill(pooled, to, to + channels, 0f);
      for (int cell = 0; cell < cells; cell++) {
        int from = (n * cells + cell) * channels;
        for (int k = 0; k < channels; k++) {
          pooled[to + k] += features[from + k];
        }
      }
      for (int k = 0; k < channels; k++) {
        pooled[to + k] *= share;
      }
    }
  }

  /**
   * {@code logits[n, c]} = sum over k of {@code w[k, c] * pooled[n, k]}, plus the bias of c;
   * parameters start at {@code offset}.
   */
  public void logits(int batch, float[] pooled, float[] parameters, int offset, float[] logits) {
    int biases = offset + channels * classes;
    for (int n = 0; n < batch; n++) {
      for (int c = 0; c < classes; c++) {
        logits[n * classes + c] =
            parameters[biases + c]
                + dot(pooled, n * channels, parameters, offset + c * channels, channels);
      }
    }
  }

  /**
   * The derivatives of the logits of class {@code c} by the features, the same for all images: its
   * weights by the number of cells.
   *
   * @param gradients receives {@code (batch, h, w, K)}
   */
  public void gradients(int batch, int c, float[] parameters, int offset, float[] gradients) {
    for (int i = 0; i < batch * cells * channels; i++) {
      gradients[i] = parameters[offset + c * channels + i % channels] / cells;
    }
  }

  /** Softmax of each row of C logits. */
  public void softmax(int batch, float[] logits, float[] probabilities) {
    HeadKind.SOFTMAX.probabilities(batch, classes, logits, probabilities);
  }

  /**
   * The way back, all sums over the batch.
   *
   * @param errors {@code (batch, C)}: derivative of the loss by the logits, for softmax
   *     cross-entropy p - y
   * @param gradients receives the derivative by each parameter, from {@code offset} on
   * @param featureGradients receives {@code (batch, h, w, K)}
   */
  public void backward(
      int batch,
      float[] pooled,
      float[] errors,
      float[] parameters,
      float[] gradients,
      int offset,
      float[] featureGradients) {
    Arrays.fill(gradients, offset, offset + parameterCount(), 0f);
    int biases = offset + channels * classes;
    float share = 1f / cells;
    for (int n = 0; n < batch; n++) {
      int first = n * cells * channels;
      Arrays.fill(featureGradients, first, first + channels, 0f);
      for (int c = 0; c < classes; c++) {
        float error = errors[n * classes + c];
        gradients[biases + c] += error;
        axpy(error, pooled, n * channels, gradients, offset + c * channels, channels);
        axpy(error * share, parameters, offset + c * channels, featureGradients, first, channels);
      }
      for (int cell = 1; cell < cells; cell++) {
        System.arraycopy(
            featureGradients, first, featureGradients, first + cell * channels, channels);
      }
    }
  }

  private static void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    for (int i = 0; i < length; i++) {
      y[yOffset + i] += a * x[xOffset + i];
    }
  }

  /**
   * Four partial sums: the order of a float sum is fixed in Java, so one sum would wait for itself
   * at every term.
   */
  private static float dot(float[] x, int xOffset, float[] y, int yOffset, int length) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      s0 += x[xOffset + i] * y[yOffset + i];
      s1 += x[xOffset + i + 1] * y[yOffset + i + 1];
      s2 += x[xOffset + i + 2] * y[yOffset + i + 2];
      s3 += x[xOffset + i + 3] * y[yOffset + i + 3];
    }
    for (; i < length; i++) {
      s0 += x[xOffset + i] * y[yOffset + i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
