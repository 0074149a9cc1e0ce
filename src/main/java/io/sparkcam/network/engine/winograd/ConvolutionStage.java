package io.sparkcam.network.engine.winograd;

import io.sparkcam.network.Trunk;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One convolution of a {@link Trunk} with bias, ReLU and pooling. What is around the convolution is
 * the same for all kinds of it and stands here: a few images at a time are convolved into a buffer
 * that stays in the cache, from which bias, ReLU and pooling write the stage's output.
 *
 * <p>Where pooling drops an odd last row or column, that is not computed.
 */
abstract class ConvolutionStage {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.COUNT;

  /** In place of a winner: ReLU let nothing through. */
  private static final float NONE = -1;

  final Trunk trunk;
  final int index;
  final int inChannels;
  final int outChannels;

  /** Rows and columns of the convolution's output that the stage's output depends on. */
  final int usedRows;

  final int usedColumns;

  /** {@link #outChannels} as stored. */
  final int lanes;

  private final boolean pooled;
  private final float[] bias;
  private final float[] biasGradient;

  /** A chunk's maps as {@link #convolved} says. */
  private float[] buffer;

  /** Derivatives by them; zero where none is used. */
  private float[] gradientBuffer;

  ConvolutionStage(Trunk trunk, int index) {
    this.trunk = trunk;
    this.index = index;
    this.pooled = trunk.stages().get(index).pooled();
    this.inChannels = trunk.channelsInto(index);
    this.outChannels = trunk.stages().get(index).filters();
    this.usedRows = used(trunk.rowsInto(index));
    this.usedColumns = used(trunk.columnsInto(index));
    this.lanes = Lanes.padded(outChannels);
    this.bias = new float[lanes];
    this.biasGradient = new float[lanes];
  }

  static ConvolutionStage of(Trunk trunk, int index) {
    Trunk.Stage stage = trunk.stages().get(index);
    if (stage.kernel() == 1) {
      return new PointwiseStage(trunk, index);
    }
    return index == 0 && stage.pooled() && trunk.channels() < Lanes.COUNT
        ? new FirstStage(trunk)
        : new WinogradStage(trunk, index);
  }

  private int used(int side) {
    return pooled ? side / 2 * 2 : side;
  }

  /** How this stage wants its input. */
  abstract FeaturePlanes input();

  /** Images convolved at a time. */
  abstract int chunk();

  /** How the convolution writes its output. */
  abstract FeaturePlanes convolved();

  /** Takes over this stage's weights, which start at {@code offset}: {@code (k, k, in, out)}. */
  abstract void loadWeights(float[] parameters, int offset);

  /** Images {@code first} to {@code first + count - 1} of {@code x}, without bias, to {@code y}. */
  abstract void convolve(float[] x, int first, int count, float[] y);

  /** Before the first call of {@link #convolveBackward} for a batch. */
  abstract void beginGradients();

  /**
   * Adds to the gradient by the weights and, unless {@code dx} is null, writes the images of {@code
   * dx}.
   *
   * @param dy derivative by what {@link #convolve} wrote
   */
  abstract void convolveBackward(float[] x, float[] dx, int first, int count, float[] dy);

  /** Writes the gradient by the weights as {@code (k, k, in, out)}. */
  abstract void storeWeightGradients(float[] gradients, int offset);

  /** Copies weights {@code (tap, in, out)} to where they are {@code (tap, inStride, lanes)}. */
  final void pad(float[] weights, int offset, int inStride, float[] padded) {
    for (int row = 0; row < taps() * inChannels; row++) {
      int from = offset + row * outChannels;
      System.arraycopy(weights, from, padded, paddedRow(row, inStride), outChannels);
    }
  }

  /** The way back. */
  final void unpad(float[] padded, int inStride, float[] weights, int offset) {
    for (int row = 0; row < taps() * inChannels; row++) {
      int to = offset + row * outChannels;
      System.arraycopy(padded, paddedRow(row, inStride), weights, to, outChannels);
    }
  }

  private int paddedRow(int row, int inStride) {
    return (row / inChannels * inStride + row % inChannels) * lanes;
  }

  final int taps() {
    int kernel = trunk.stages().get(index).kernel();
    return kernel * kernel;
  }

  final int winnersSize() {
    return pooled ? usedRows / 2 * (usedColumns / 2) * lanes : 0;
  }

  /**
   * Writes from {@code order[trunk.biasOffset(index)]} on where the stock network has this stage's
   * parameters: biases first, weights as {@code (out, in, k, k)}.
   */
  final void order(int[] order) {
    int taps = taps();
    for (int o = 0; o < outChannels; o++) {
      order[trunk.biasOffset(index) + o] = trunk.biasOffset(index) + o;
      for (int i = 0; i < inChannels; i++) {
        for (int tap = 0; tap < taps; tap++) {
          order[weightOffset() + (tap * inChannels + i) * outChannels + o] =
              weightOffset() + (o * inChannels + i) * taps + tap;
        }
      }
    }
  }

  private int weightOffset() {
    return trunk.biasOffset(index) + outChannels;
  }

  final void load(float[] parameters) {
    System.arraycopy(parameters, trunk.biasOffset(index), bias, 0, outChannels);
    loadWeights(parameters, weightOffset());
  }

  /**
   * @param x as {@link #input} says
   * @param y receives the output as {@code output} says
   * @param winners receives the place in its window that each maximum came from, or is null
   */
  final void forward(int batch, float[] x, float[] y, FeaturePlanes output, float[] winners) {
    if (buffer == null) {
      buffer = new float[chunk() * convolved().imageSize()];
    }
    for (int first = 0; first < batch; first += chunk()) {
      int count = Math.min(chunk(), batch - first);
      convolve(x, first, count, buffer);
      for (int n = 0; n < count; n++) {
        if (!pooled) {
          activate(buffer, convolved().start(n), y, output.start(first + n), output);
          continue;
        }
        for (int c = 0; c < lanes; c += L) {
          int from = convolved().start(n) + c;
          int to = output.start(first + n) + c;
          if (winners == null) {
            pool(buffer, from, y, to, output, c);
          } else {
            pool(buffer, from, y, to, output, c, winners, (first + n) * winnersSize() + c);
          }
        }
      }
    }
  }

  private static FloatVector relu(FloatVector value) {
    // Not max: what is not a number has to stay so.
    return value.blend(0f, value.compare(VectorOperators.LT, 0f));
  }

  private void activate(float[] from, int start, float[] y, int yStart, FeaturePlanes output) {
    for (int row = 0; row < usedRows; row++) {
      int at = start + row * convolved().rowStride();
      int yAt = yStart + row * output.rowStride();
      for (int column = 0; column < usedColumns; column++) {
        for (int c = 0; c < lanes; c += L, at += L, yAt += L) {
          relu(FloatVector.fromArray(S, from, at).add(FloatVector.fromArray(S, bias, c)))
              .intoArray(y, yAt);
        }
      }
    }
  }

  private void pool(float[] from, int start, float[] y, int yStart, FeaturePlanes output, int c) {
    FloatVector b = FloatVector.fromArray(S, bias, c);
    int below = convolved().rowStride();
    for (int row = 0; row < usedRows / 2; row++) {
      int at = start + 2 * row * below;
      int yAt = yStart + row * output.rowStride();
      for (int column = 0; column < usedColumns / 2; column++, at += 2 * lanes, yAt += lanes) {
        FloatVector most = FloatVector.fromArray(S, from, at);
        most = larger(most, FloatVector.fromArray(S, from, at + lanes));
        most = larger(most, FloatVector.fromArray(S, from, at + below));
        most = larger(most, FloatVector.fromArray(S, from, at + below + lanes));
        relu(most.add(b)).intoArray(y, yAt);
      }
    }
  }

  private static FloatVector larger(FloatVector most, FloatVector next) {
    return most.blend(next, next.compare(VectorOperators.GT, most));
  }

  private void pool(
      float[] from,
      int start,
      float[] y,
      int yStart,
      FeaturePlanes output,
      int c,
      float[] winners,
      int winnersStart) {
    FloatVector b = FloatVector.fromArray(S, bias, c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector two = FloatVector.broadcast(S, 2f);
    FloatVector three = FloatVector.broadcast(S, 3f);
    FloatVector none = FloatVector.broadcast(S, NONE);
    int below = convolved().rowStride();
    int winnersAt = winnersStart;
    for (int row = 0; row < usedRows / 2; row++) {
      int at = start + 2 * row * below;
      int yAt = yStart + row * output.rowStride();
      for (int column = 0; column < usedColumns / 2; column++) {
        FloatVector most = FloatVector.fromArray(S, from, at);
        FloatVector next = FloatVector.fromArray(S, from, at + lanes);
        VectorMask<Float> wins = next.compare(VectorOperators.GT, most);
        most = most.blend(next, wins);
        FloatVector winner = zero.blend(one, wins);
        next = FloatVector.fromArray(S, from, at + below);
        wins = next.compare(VectorOperators.GT, most);
        most = most.blend(next, wins);
        winner = winner.blend(two, wins);
        next = FloatVector.fromArray(S, from, at + below + lanes);
        wins = next.compare(VectorOperators.GT, most);
        most = most.blend(next, wins).add(b);
        winner = winner.blend(three, wins);
        relu(most).intoArray(y, yAt);
        winner.blend(none, most.compare(VectorOperators.LE, 0f)).intoArray(winners, winnersAt);
        at += 2 * lanes;
        yAt += lanes;
        winnersAt += lanes;
      }
    }
  }

  /**
   * @param dy derivative by the stage's output, as {@code output} says
   * @param dx receives the derivative by its input, as {@link #input} says, or is null
   * @param gradients receives the derivative by this stage's parameters, at their places
   */
  final void backward(
      int batch,
      float[] x,
      float[] y,
      FeaturePlanes output,
      float[] winners,
      float[] dy,
      float[] dx,
      float[] gradients) {
    if (gradientBuffer == null) {
      gradientBuffer = new float[chunk() * convolved().imageSize()];
    }
    Arrays.fill(biasGradient, 0f);
    beginGradients();
    for (int first = 0; first < batch; first += chunk()) {
      int count = Math.min(chunk(), batch - first);
      for (int n = 0; n < count; n++) {
        int from = output.start(first + n);
        int to = convolved().start(n);
        if (!pooled) {
          mask(dy, y, from, output, gradientBuffer, to);
          continue;
        }
        for (int c = 0; c < lanes; c += L) {
          int winnersAt = (first + n) * winnersSize() + c;
          unpool(dy, from + c, output, winners, winnersAt, gradientBuffer, to + c, c);
        }
      }
      convolveBackward(x, dx, first, count, gradientBuffer);
    }
    System.arraycopy(biasGradient, 0, gradients, trunk.biasOffset(index), outChannels);
    storeWeightGradients(gradients, weightOffset());
  }

  /** Writes one vector of channels of an image: a window's gradient goes to its winner. */
  private void unpool(
      float[] dy,
      int dyStart,
      FeaturePlanes output,
      float[] winners,
      int winnersStart,
      float[] to,
      int toStart,
      int c) {
    int below = convolved().rowStride();
    for (int row = 0; row < usedRows / 2; row++) {
      unpoolRow(
          dy,
          dyStart + row * output.rowStride(),
          winners,
          winnersStart + row * usedColumns / 2 * lanes,
          to,
          toStart + 2 * row * below,
          below,
          c);
    }
  }

  private void unpoolRow(
      float[] dy,
      int dyStart,
      float[] winners,
      int winnersStart,
      float[] to,
      int toStart,
      int below,
      int c) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector sum = FloatVector.fromArray(S, biasGradient, c);
    for (int column = 0; column < usedColumns / 2; column++) {
      FloatVector gradient = FloatVector.fromArray(S, dy, dyStart + column * lanes);
      FloatVector winner = FloatVector.fromArray(S, winners, winnersStart + column * lanes);
      int at = toStart + 2 * column * lanes;
      sum = sum.add(gradient.blend(zero, winner.compare(VectorOperators.LT, 0f)));
      zero.blend(gradient, winner.compare(VectorOperators.EQ, 0f)).intoArray(to, at);
      zero.blend(gradient, winner.compare(VectorOperators.EQ, 1f)).intoArray(to, at + lanes);
      zero.blend(gradient, winner.compare(VectorOperators.EQ, 2f)).intoArray(to, at + below);
      zero.blend(gradient, winner.compare(VectorOperators.EQ, 3f))
          .intoArray(to, at + below + lanes);
    }
    sum.intoArray(biasGradient, c);
  }

  /** Writes an image: the gradient where ReLU let its input through. */
  private void mask(
      float[] dy, float[] y, int start, FeaturePlanes output, float[] to, int toStart) {
    FloatVector zero = FloatVector.zero(S);
    for (int row = 0; row < usedRows; row++) {
      int at = start + row * output.rowStride();
      int toAt = toStart + row * convolved().rowStride();
      for (int column = 0; column < usedColumns; column++) {
        for (int c = 0; c < lanes; c += L, at += L, toAt += L) {
          VectorMask<Float> passed =
              FloatVector.fromArray(S, y, at).compare(VectorOperators.GT, 0f);
          FloatVector gradient = zero.blend(FloatVector.fromArray(S, dy, at), passed);
          gradient.intoArray(to, toAt);
          gradient.add(FloatVector.fromArray(S, biasGradient, c)).intoArray(biasGradient, c);
        }
      }
    }
  }
}
