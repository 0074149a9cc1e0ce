package io.sparkcam.network.engine.winograd;

import io.sparkcam.network.Trunk;
import java.util.Arrays;

/** A 1x1 convolution: one matrix product, whose rows are the pixels. */
final class PointwiseStage extends ConvolutionStage {
  private static final int PIXELS_AT_A_TIME = 1024;

  private final int inLanes;
  private final int pixels;
  private final int chunk;
  private final FeaturePlanes input;
  private final FeaturePlanes convolved;

  /** {@code (in, out)}. */
  private final float[] weights;

  /** {@code (out, in)}. */
  private final float[] transposed;

  private final float[] weightGradients;

  PointwiseStage(Trunk trunk, int index) {
    super(trunk, index);
    int rows = trunk.rowsInto(index);
    int columns = trunk.columnsInto(index);
    inLanes = Lanes.padded(inChannels);
    pixels = rows * columns;
    chunk = Math.max(1, PIXELS_AT_A_TIME / pixels);
    input = FeaturePlanes.plain(rows, columns, inLanes);
    convolved = FeaturePlanes.plain(rows, columns, lanes);
    weights = new float[inLanes * lanes];
    transposed = new float[inLanes * lanes];
    weightGradients = new float[inLanes * lanes];
  }

  @Override
  FeaturePlanes input() {
    return input;
  }

  @Override
  FeaturePlanes convolved() {
    return convolved;
  }

  @Override
  int chunk() {
    return chunk;
  }

  @Override
  void loadWeights(float[] parameters, int offset) {
    for (int i = 0; i < inChannels; i++) {
      for (int o = 0; o < outChannels; o++) {
        float weight = parameters[offset + i * outChannels + o];
        weights[i * lanes + o] = weight;
        transposed[o * inLanes + i] = weight;
      }
    }
  }

  @Override
  void convolve(float[] x, int first, int count, float[] y) {
    MatrixProduct.multiply(
        count * pixels, x, first * input.imageSize(), inLanes, weights, 0, lanes, y, 0);
  }

  @Override
  void beginGradients() {
    Arrays.fill(weightGradients, 0f);
  }

  @Override
  void convolveBackward(float[] x, float[] dx, int first, int count, float[] dy) {
    int at = first * input.imageSize();
    MatrixProduct.addTransposedProduct(
        count * pixels, x, at, inLanes, dy, 0, lanes, weightGradients, 0);
    if (dx != null) {
      MatrixProduct.multiply(count * pixels, dy, 0, lanes, transposed, 0, inLanes, dx, at);
    }
  }

  @Override
  void storeWeightGradients(float[] gradients, int offset) {
    unpad(weightGradients, inLanes, gradients, offset);
  }
}
