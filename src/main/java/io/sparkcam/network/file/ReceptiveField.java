package io.sparkcam.network.file;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/**
 * The part of an image that one cell sees, along one axis.
 *
 * @param axis 0: rows, 1: columns
 * @param offset pixels from the first pixel's centre to the centre of the first cell's window
 * @param stride pixels between the centres of neighbouring cells' windows
 * @param cells along the axis
 */
record ReceptiveField(int axis, double offset, double stride, int cells) {

  /** As the pixels themselves see it. */
  static ReceptiveField ofPixels(int axis, int pixels) {
    return new ReceptiveField(axis, 0, 1, pixels);
  }

  /**
   * After one more layer; of a kind that is not known here, its cells are taken to be those below.
   */
  ReceptiveField after(Layer layer) {
    if (layer instanceof ConvolutionLayer convolution) {
      int extent = (convolution.getKernelSize()[axis] - 1) * convolution.getDilation()[axis];
      return slid(
          extent,
          convolution.getStride()[axis],
          convolution.getPadding()[axis],
          convolution.getConvolutionMode());
    }
    if (layer instanceof SubsamplingLayer pooling) {
      return slid(
          pooling.getKernelSize()[axis] - 1,
          pooling.getStride()[axis],
          pooling.getPadding()[axis],
          pooling.getConvolutionMode());
    }
    if (layer instanceof ZeroPaddingLayer padding) {
      int before = padding.getPadding()[2 * axis];
      return moved(-before, 1, cells + before + padding.getPadding()[2 * axis + 1]);
    }
    if (layer instanceof Cropping2D cropping) {
      int before = cropping.getCropping()[2 * axis];
      return moved(before, 1, cells - before - cropping.getCropping()[2 * axis + 1]);
    }
    if (layer instanceof Upsampling2D upsampling) {
      int times = upsampling.getSize()[axis];
      return moved(0.5 / times - 0.5, 1.0 / times, cells * times);
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
      return moved(extent / 2.0 - padding, step, (cells + 2 * padding - extent - 1) / step + 1);
    }
    int left = (cells + step - 1) / step;
    int padded = Math.max((left - 1) * step + extent + 1 - cells, 0);
    int before = padded / 2;
    return moved(extent / 2.0 - before, step, left);
  }

  private ReceptiveField moved(double by, double step, int left) {
    return new ReceptiveField(axis, offset + by * stride, stride * step, left);
  }
}
