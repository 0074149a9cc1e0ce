package io.sparkcam.network.file;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/**
 * The part of an image that one row of cells sees.
 *
 * @param offset pixels from the first row's centre to the centre of the first cell's window
 * @param stride pixels between the centres of neighbouring cells' windows
 * @param rows of cells
 */
record ReceptiveField(double offset, double stride, int rows) {

  /** As the pixels themselves see it. */
  static ReceptiveField ofPixels(int rows) {
    return new ReceptiveField(0, 1, rows);
  }

  /**
   * After one more layer; of a kind that is not known here, its cells are taken to be those below.
   */
  ReceptiveField after(Layer layer) {
    if (layer instanceof ConvolutionLayer convolution) {
      int extent = (convolution.getKernelSize()[0] - 1) * convolution.getDilation()[0];
      return slid(
          extent,
          convolution.getStride()[0],
          convolution.getPadding()[0],
          convolution.getConvolutionMode());
    }
    if (layer instanceof SubsamplingLayer pooling) {
      return slid(
          pooling.getKernelSize()[0] - 1,
          pooling.getStride()[0],
          pooling.getPadding()[0],
          pooling.getConvolutionMode());
    }
    if (layer instanceof ZeroPaddingLayer padding) {
      int[] topAndBottom = padding.getPadding();
      return moved(-topAndBottom[0], 1, rows + topAndBottom[0] + topAndBottom[1]);
    }
    return this;
  }

  /**
   * Slides a window over the cells.
   *
   * @param extent cells from the window's first to its last
   * @param padding cells at either end; "same" computes its own, the odd one at the far end
   */
  private ReceptiveField slid(int extent, int step, int padding, ConvolutionMode mode) {
    if (mode != ConvolutionMode.Same) {
      return moved(extent / 2.0 - padding, step, (rows + 2 * padding - extent - 1) / step + 1);
    }
    int left = (rows + step - 1) / step;
    int padded = Math.max((left - 1) * step + extent + 1 - rows, 0);
    int before = padded / 2;
    return moved(extent / 2.0 - before, step, left);
  }

  private ReceptiveField moved(double cells, int step, int left) {
    return new ReceptiveField(offset + cells * stride, stride * step, left);
  }
}
