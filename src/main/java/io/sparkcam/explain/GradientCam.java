package io.sparkcam.explain;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import java.util.Arrays;

/**
 * Maps out of the gradients of logits by features, for any classifier whose gradients are known:
 * {@code M_c(cell) = sum over k of weight_kc(cell) * A_k(cell)}, with A the features and g the
 * derivative of the logit of class c by them. Methods differ in their weights. The papers clip maps
 * at 0 at last; here they stay signed, as all maps of the table are.
 */
enum GradientCam implements CamMethod {
  /**
   * Grad-CAM: {@code weight_k = mean over cells of g_k} (R. R. Selvaraju et al., "Grad-CAM: Visual
   * Explanations from Deep Networks via Gradient-based Localization", ICCV 2017, equations 1 and
   * 2). Where the features are averaged for one dense layer it is the class activation map by the
   * number of cells.
   */
  GRAD_CAM("Grad-CAM (Selvaraju et al. 2017)") {
    @Override
    float weight(float[] a, float[] g, int first, int cells, int channels) {
      float sum = 0;
      for (int cell = 0; cell < cells; cell++) {
        sum += g[first + cell * channels];
      }
      return sum / cells;
    }
  },
  /**
   * LayerCAM: {@code weight_k(cell) = max(0, g_k(cell))} (P.-T. Jiang et al., "LayerCAM: Exploring
   * Hierarchical Class Activation Maps for Localization", IEEE TIP 30, 2021, equations 5 to 7).
   */
  LAYER_CAM("LayerCAM (Jiang et al. 2021)") {
    @Override
    void weights(float[] a, float[] g, int first, int cells, int channels) {
      for (int i = first; i < first + cells * channels; i += channels) {
        g[i] = Math.max(0, g[i]);
      }
    }
  },
  /**
   * HiResCAM: {@code weight_k(cell) = g_k(cell)} (R. L. Draelos and L. Carin, "Use HiResCAM instead
   * of Grad-CAM for faithful explanations of convolutional neural networks", arXiv:2011.08891,
   * 2020). Where one dense layer takes the features, averaged or flattened, it is the class
   * activation map by the number of cells.
   */
  HI_RES_CAM("HiResCAM (Draelos and Carin 2020)") {
    @Override
    void weights(float[] a, float[] g, int first, int cells, int channels) {
      // the gradients themselves
    }
  },
  /**
   * Grad-CAM++: {@code weight_k = sum over cells of alpha_k(cell) * max(0, g_k(cell))} with {@code
   * alpha = g^2 / (2 g^2 + sum over cells of A_k * g^3)}, which is {@code 1 / (2 + g * sum of A_k)}
   * (A. Chattopadhay et al., "Grad-CAM++: Improved Visual Explanations for Deep Convolutional
   * Networks", WACV 2018, equations 8, 10 and 19). Its score exp(logit) multiplies a whole map by
   * one number, which is left out.
   */
  GRAD_CAM_PLUS_PLUS("Grad-CAM++ (Chattopadhay et al. 2018)") {
    @Override
    float weight(float[] a, float[] g, int first, int cells, int channels) {
      float sum = 0;
      for (int cell = 0; cell < cells; cell++) {
        sum += a[first + cell * channels];
      }
      float weight = 0;
      for (int cell = 0; cell < cells; cell++) {
        float slope = g[first + cell * channels];
        float denominator = 2 + slope * sum;
        // 0 only where features are negative, which the formula does not expect.
        weight += slope > 0 && denominator != 0 ? slope / denominator : 0;
      }
      return weight;
    }
  };

  private final String title;

  GradientCam(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title + " without its last ReLU";
  }

  @Override
  public boolean addsUp() {
    return false;
  }

  /**
   * The weight of one channel in all cells.
   *
   * @param a features {@code (h, w, K)} of the image
   * @param g gradients, alike
   * @param first where the channel's first cell is in both; the next is {@code channels} further
   */
  float weight(float[] a, float[] g, int first, int cells, int channels) {
    throw new UnsupportedOperationException("weighs each cell by itself");
  }

  /** Turns one channel's gradients into its weights. */
  void weights(float[] a, float[] g, int first, int cells, int channels) {
    float weight = weight(a, g, first, cells, channels);
    for (int i = first; i < first + cells * channels; i += channels) {
      g[i] = weight;
    }
  }

  @Override
  public Maps of(CamNetwork network, ForwardPass classifier, float[] parameters) {
    ExplanationShape shape = ExplanationShape.of(network);
    float[][] room = {new float[0]};
    return (images, first, batch, count) -> {
      if (room[0].length < count * shape.features()) {
        room[0] = new float[count * shape.features()];
      }
      for (int c = 0; c < shape.classes(); c++) {
        classifier.gradients(count, c, room[0]);
        for (int row = 0; row < count; row++) {
          int map = row * shape.maps() + c * shape.cells();
          map(shape, batch.features(), room[0], row * shape.features(), batch.camLow(), map);
        }
      }
    };
  }

  private void map(ExplanationShape shape, float[] a, float[] g, int from, float[] maps, int map) {
    for (int k = 0; k < shape.channels(); k++) {
      weights(a, g, from + k, shape.cells(), shape.channels());
    }
    Arrays.fill(maps, map, map + shape.cells(), 0f);
    for (int i = 0; i < shape.features(); i++) {
      maps[map + i / shape.channels()] += g[from + i] * a[from + i];
    }
  }
}
