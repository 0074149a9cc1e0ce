package io.sparkcam.network.engine.winograd;

import io.sparkcam.network.Trunk;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A 3x3 convolution of images, whose few channels fill no vector, followed by pooling: computed as
 * it is written, four outputs at a time, which see sixteen pixels. Nobody wants the gradient by the
 * images.
 *
 * <p>The loops that keep sums in registers are methods of their own: C2 does so over one loop, not
 * over nested ones.
 */
final class FirstStage extends ConvolutionStage {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.COUNT;

  private final FeaturePlanes input;
  private final FeaturePlanes convolved;

  /** {@code (tap, in, out)}. */
  private final float[] weights;

  private final float[] weightGradients;

  FirstStage(Trunk trunk) {
    super(trunk, 0);
    int rows = trunk.height();
    int columns = trunk.width();
    input = new FeaturePlanes(rows, columns, inChannels, 1, rows + 2, columns + 2);
    convolved = FeaturePlanes.plain(usedRows, usedColumns, lanes);
    weights = new float[taps() * inChannels * lanes];
    weightGradients = new float[weights.length];
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
    return 1;
  }

  @Override
  void loadWeights(float[] parameters, int offset) {
    pad(parameters, offset, inChannels, weights);
  }

  @Override
  void convolve(float[] x, int first, int count, float[] y) {
    int row = input.rowStride();
    Arrays.fill(y, 0, count * convolved.imageSize(), 0f);
    for (int n = 0; n < count; n++) {
      for (int i = 0; i < usedRows; i += 2) {
        int from = (first + n) * input.imageSize() + i * row;
        int to = n * convolved.imageSize() + i * convolved.rowStride();
        for (int channel = 0; channel < inChannels; channel++) {
          for (int c = 0; c < lanes; c += L) {
            addChannel(x, from + channel, channel * lanes + c, y, to + c);
          }
        }
      }
    }
  }

  /** What one channel of two rows of pixels adds to one vector of filters. */
  private void addChannel(float[] x, int xStart, int start, float[] y, int yStart) {
    int tap = inChannels * lanes;
    FloatVector w0 = FloatVector.fromArray(S, weights, start);
    FloatVector w1 = FloatVector.fromArray(S, weights, start + tap);
    FloatVector w2 = FloatVector.fromArray(S, weights, start + 2 * tap);
    FloatVector w3 = FloatVector.fromArray(S, weights, start + 3 * tap);
    FloatVector w4 = FloatVector.fromArray(S, weights, start + 4 * tap);
    FloatVector w5 = FloatVector.fromArray(S, weights, start + 5 * tap);
    FloatVector w6 = FloatVector.fromArray(S, weights, start + 6 * tap);
    FloatVector w7 = FloatVector.fromArray(S, weights, start + 7 * tap);
    FloatVector w8 = FloatVector.fromArray(S, weights, start + 8 * tap);
    int below = input.rowStride();
    int right = inChannels;
    int yBelow = convolved.rowStride();
    for (int j = 0; j < usedColumns; j += 2) {
      int at = xStart + j * right;
      int yAt = yStart + j * lanes;
      FloatVector y00 = FloatVector.fromArray(S, y, yAt);
      FloatVector y01 = FloatVector.fromArray(S, y, yAt + lanes);
      FloatVector y10 = FloatVector.fromArray(S, y, yAt + yBelow);
      FloatVector y11 = FloatVector.fromArray(S, y, yAt + yBelow + lanes);
      FloatVector pixel = FloatVector.broadcast(S, x[at]);
      y00 = pixel.fma(w0, y00);
      pixel = FloatVector.broadcast(S, x[at + right]);
      y00 = pixel.fma(w1, y00);
      y01 = pixel.fma(w0, y01);
      pixel = FloatVector.broadcast(S, x[at + 2 * right]);
      y00 = pixel.fma(w2, y00);
      y01 = pixel.fma(w1, y01);
      pixel = FloatVector.broadcast(S, x[at + 3 * right]);
      y01 = pixel.fma(w2, y01);
      pixel = FloatVector.broadcast(S, x[at + below]);
      y00 = pixel.fma(w3, y00);
      y10 = pixel.fma(w0, y10);
      pixel = FloatVector.broadcast(S, x[at + below + right]);
      y00 = pixel.fma(w4, y00);
      y01 = pixel.fma(w3, y01);
      y10 = pixel.fma(w1, y10);
      y11 = pixel.fma(w0, y11);
      pixel = FloatVector.broadcast(S, x[at + below + 2 * right]);
      y00 = pixel.fma(w5, y00);
      y01 = pixel.fma(w4, y01);
      y10 = pixel.fma(w2, y10);
      y11 = pixel.fma(w1, y11);
      pixel = FloatVector.broadcast(S, x[at + below + 3 * right]);
      y01 = pixel.fma(w5, y01);
      y11 = pixel.fma(w2, y11);
      pixel = FloatVector.broadcast(S, x[at + 2 * below]);
      y00 = pixel.fma(w6, y00);
      y10 = pixel.fma(w3, y10);
      pixel = FloatVector.broadcast(S, x[at + 2 * below + right]);
      y00 = pixel.fma(w7, y00);
      y01 = pixel.fma(w6, y01);
      y10 = pixel.fma(w4, y10);
      y11 = pixel.fma(w3, y11);
      pixel = FloatVector.broadcast(S, x[at + 2 * below + 2 * right]);
      y00 = pixel.fma(w8, y00);
      y01 = pixel.fma(w7, y01);
      y10 = pixel.fma(w5, y10);
      y11 = pixel.fma(w4, y11);
      pixel = FloatVector.broadcast(S, x[at + 2 * below + 3 * right]);
      y01 = pixel.fma(w8, y01);
      y11 = pixel.fma(w5, y11);
      pixel = FloatVector.broadcast(S, x[at + 3 * below]);
      y10 = pixel.fma(w6, y10);
      pixel = FloatVector.broadcast(S, x[at + 3 * below + right]);
      y10 = pixel.fma(w7, y10);
      y11 = pixel.fma(w6, y11);
      pixel = FloatVector.broadcast(S, x[at + 3 * below + 2 * right]);
      y10 = pixel.fma(w8, y10);
      y11 = pixel.fma(w7, y11);
      pixel = FloatVector.broadcast(S, x[at + 3 * below + 3 * right]);
      y11 = pixel.fma(w8, y11);
      y00.intoArray(y, yAt);
      y01.intoArray(y, yAt + lanes);
      y10.intoArray(y, yAt + yBelow);
      y11.intoArray(y, yAt + yBelow + lanes);
    }
  }

  @Override
  void beginGradients() {
    Arrays.fill(weightGradients, 0f);
  }

  @Override
  void convolveBackward(float[] x, float[] dx, int first, int count, float[] dy) {
    int row = input.rowStride();
    for (int n = 0; n < count; n++) {
      for (int i = 0; i < usedRows; i += 2) {
        int from = (first + n) * input.imageSize() + i * row;
        int dyFrom = n * convolved.imageSize() + i * convolved.rowStride();
        for (int channel = 0; channel < inChannels; channel++) {
          for (int c = 0; c < lanes; c += L) {
            addTaps(x, from + channel, dy, dyFrom + c, channel * lanes + c);
          }
        }
      }
    }
  }

  /** What two rows of pixels add to all nine gradients of one channel by one vector of filters. */
  private void addTaps(float[] x, int xStart, float[] dy, int dyStart, int start) {
    int tap = inChannels * lanes;
    FloatVector w0 = FloatVector.fromArray(S, weightGradients, start);
    FloatVector w1 = FloatVector.fromArray(S, weightGradients, start + tap);
    FloatVector w2 = FloatVector.fromArray(S, weightGradients, start + 2 * tap);
    FloatVector w3 = FloatVector.fromArray(S, weightGradients, start + 3 * tap);
    FloatVector w4 = FloatVector.fromArray(S, weightGradients, start + 4 * tap);
    FloatVector w5 = FloatVector.fromArray(S, weightGradients, start + 5 * tap);
    FloatVector w6 = FloatVector.fromArray(S, weightGradients, start + 6 * tap);
    FloatVector w7 = FloatVector.fromArray(S, weightGradients, start + 7 * tap);
    FloatVector w8 = FloatVector.fromArray(S, weightGradients, start + 8 * tap);
    int below = input.rowStride();
    int right = inChannels;
    int dyBelow = convolved.rowStride();
    for (int j = 0; j < usedColumns; j += 2) {
      int at = xStart + j * right;
      int dyAt = dyStart + j * lanes;
      FloatVector dy00 = FloatVector.fromArray(S, dy, dyAt);
      FloatVector dy01 = FloatVector.fromArray(S, dy, dyAt + lanes);
      FloatVector dy10 = FloatVector.fromArray(S, dy, dyAt + dyBelow);
      FloatVector dy11 = FloatVector.fromArray(S, dy, dyAt + dyBelow + lanes);
      FloatVector pixel = FloatVector.broadcast(S, x[at]);
      w0 = pixel.fma(dy00, w0);
      pixel = FloatVector.broadcast(S, x[at + right]);
      w1 = pixel.fma(dy00, w1);
      w0 = pixel.fma(dy01, w0);
      pixel = FloatVector.broadcast(S, x[at + 2 * right]);
      w2 = pixel.fma(dy00, w2);
      w1 = pixel.fma(dy01, w1);
      pixel = FloatVector.broadcast(S, x[at + 3 * right]);
      w2 = pixel.fma(dy01, w2);
      pixel = FloatVector.broadcast(S, x[at + below]);
      w3 = pixel.fma(dy00, w3);
      w0 = pixel.fma(dy10, w0);
      pixel = FloatVector.broadcast(S, x[at + below + right]);
      w4 = pixel.fma(dy00, w4);
      w3 = pixel.fma(dy01, w3);
      w1 = pixel.fma(dy10, w1);
      w0 = pixel.fma(dy11, w0);
      pixel = FloatVector.broadcast(S, x[at + below + 2 * right]);
      w5 = pixel.fma(dy00, w5);
      w4 = pixel.fma(dy01, w4);
      w2 = pixel.fma(dy10, w2);
      w1 = pixel.fma(dy11, w1);
      pixel = FloatVector.broadcast(S, x[at + below + 3 * right]);
      w5 = pixel.fma(dy01, w5);
      w2 = pixel.fma(dy11, w2);
      pixel = FloatVector.broadcast(S, x[at + 2 * below]);
      w6 = pixel.fma(dy00, w6);
      w3 = pixel.fma(dy10, w3);
      pixel = FloatVector.broadcast(S, x[at + 2 * below + right]);
      w7 = pixel.fma(dy00, w7);
      w6 = pixel.fma(dy01, w6);
      w4 = pixel.fma(dy10, w4);
      w3 = pixel.fma(dy11, w3);
      pixel = FloatVector.broadcast(S, x[at + 2 * below + 2 * right]);
      w8 = pixel.fma(dy00, w8);
      w7 = pixel.fma(dy01, w7);
      w5 = pixel.fma(dy10, w5);
      w4 = pixel.fma(dy11, w4);
      pixel = FloatVector.broadcast(S, x[at + 2 * below + 3 * right]);
      w8 = pixel.fma(dy01, w8);
      w5 = pixel.fma(dy11, w5);
      pixel = FloatVector.broadcast(S, x[at + 3 * below]);
      w6 = pixel.fma(dy10, w6);
      pixel = FloatVector.broadcast(S, x[at + 3 * below + right]);
      w7 = pixel.fma(dy10, w7);
      w6 = pixel.fma(dy11, w6);
      pixel = FloatVector.broadcast(S, x[at + 3 * below + 2 * right]);
      w8 = pixel.fma(dy10, w8);
      w7 = pixel.fma(dy11, w7);
      pixel = FloatVector.broadcast(S, x[at + 3 * below + 3 * right]);
      w8 = pixel.fma(dy11, w8);
    }
    w0.intoArray(weightGradients, start);
    w1.intoArray(weightGradients, start + tap);
    w2.intoArray(weightGradients, start + 2 * tap);
    w3.intoArray(weightGradients, start + 3 * tap);
    w4.intoArray(weightGradients, start + 4 * tap);
    w5.intoArray(weightGradients, start + 5 * tap);
    w6.intoArray(weightGradients, start + 6 * tap);
    w7.intoArray(weightGradients, start + 7 * tap);
    w8.intoArray(weightGradients, start + 8 * tap);
  }

  @Override
  void storeWeightGradients(float[] gradients, int offset) {
    unpad(weightGradients, inChannels, gradients, offset);
  }
}
