package io.sparkcam.network.engine.winograd;

import io.sparkcam.network.Trunk;
import java.util.Arrays;

/**
 * A 3x3 convolution by {@link WinogradTile}s: for each position of a tile one matrix product, whose
 * rows are tiles of one image or several.
 */
final class WinogradStage extends ConvolutionStage {
  private static final int L = Lanes.COUNT;

  /** Side of a square that is transposed within the first-level cache. */
  private static final int BLOCK = 16;

  /** So that tiles, before and after the products, stay in the second-level cache. */
  private static final int TILES_AT_A_TIME = 64;

  private final WinogradTile tile;
  private final int inLanes;
  private final int tileRows;
  private final int tileColumns;
  private final int chunk;

  /** Rows of tiles, of one image or several, that go through the products together. */
  private final int rowsAtATime;

  private final FeaturePlanes input;
  private final FeaturePlanes convolved;
  private final float[] scratch;

  /** {@code (position, row, channel)}; a little more lest all positions share a cache set. */
  private final int inPosition;

  private final int outPosition;
  private final float[] in;
  private final float[] out;

  private final TransformedKernels kernels;

  /** Outputs to inputs. */
  private TransformedKernels transposed;

  private TransformedKernels gradients;

  WinogradStage(Trunk trunk, int index) {
    super(trunk, index);
    tile = cheapest();
    inLanes = Lanes.padded(inChannels);
    tileRows = tiles(usedRows, tile);
    tileColumns = tiles(usedColumns, tile);
    chunk = Math.max(1, TILES_AT_A_TIME / (tileRows * tileColumns));
    rowsAtATime = Math.min(Math.max(1, TILES_AT_A_TIME / tileColumns), chunk * tileRows);
    int rows = tileRows * tile.outputs();
    int columns = tileColumns * tile.outputs();
    input =
        new FeaturePlanes(
            trunk.rowsInto(index),
            trunk.columnsInto(index),
            inLanes,
            1,
            rows + WinogradTile.KERNEL - 1,
            columns + WinogradTile.KERNEL - 1);
    convolved = FeaturePlanes.plain(rows, columns, lanes);
    inPosition = rowsAtATime * tileColumns * inLanes + L;
    outPosition = rowsAtATime * tileColumns * lanes + L;
    scratch = new float[tile.scratchSize()];
    in = new float[tile.positions() * inPosition];
    out = new float[tile.positions() * outPosition];
    kernels = new TransformedKernels(tile, inLanes * lanes);
  }

  private WinogradTile cheapest() {
    WinogradTile four = new WinogradTile4();
    WinogradTile three = new WinogradTile3();
    return products(three) < products(four) ? three : four;
  }

  private int products(WinogradTile candidate) {
    return tiles(usedRows, candidate) * tiles(usedColumns, candidate) * candidate.positions();
  }

  private static int tiles(int side, WinogradTile tile) {
    return (side + tile.outputs() - 1) / tile.outputs();
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
    pad(parameters, offset, inLanes, kernels.taps);
    kernels.transform();
  }

  @Override
  void convolve(float[] x, int first, int count, float[] y) {
    for (int row = 0; row < count * tileRows; row += rowsAtATime) {
      int rows = Math.min(rowsAtATime, count * tileRows - row);
      transformInput(x, first * tileRows + row, rows);
      for (int p = 0; p < tile.positions(); p++) {
        MatrixProduct.multiply(
            rows * tileColumns,
            in,
            p * inPosition,
            inLanes,
            kernels.values,
            kernels.at(p),
            lanes,
            out,
            p * outPosition);
      }
      transformOutput(row, rows, y);
    }
  }

  // Each walk over the tiles is a method of its own: together they grow too large for C2.

  private void transformInput(float[] x, int first, int rows) {
    int row = input.rowStride();
    int m = tile.outputs();
    int at = 0;
    for (int i = first; i < first + rows; i++) {
      int start = i / tileRows * input.imageSize() + i % tileRows * m * row;
      for (int j = 0; j < tileColumns; j++) {
        for (int c = 0; c < inLanes; c += L, at += L) {
          tile.input(x, start + j * m * inLanes + c, row, inLanes, in, at, inPosition, scratch);
        }
      }
    }
  }

  private void transformOutput(int first, int rows, float[] y) {
    int row = convolved.rowStride();
    int m = tile.outputs();
    int at = 0;
    for (int i = first; i < first + rows; i++) {
      int start = i / tileRows * convolved.imageSize() + i % tileRows * m * row;
      for (int j = 0; j < tileColumns; j++) {
        for (int c = 0; c < lanes; c += L, at += L) {
          tile.output(out, at, outPosition, y, start + j * m * lanes + c, row, lanes, scratch);
        }
      }
    }
  }

  private void transformOutputGradients(float[] dy, int first, int rows) {
    int row = convolved.rowStride();
    int m = tile.outputs();
    int at = 0;
    for (int i = first; i < first + rows; i++) {
      int start = i / tileRows * convolved.imageSize() + i % tileRows * m * row;
      for (int j = 0; j < tileColumns; j++) {
        for (int c = 0; c < lanes; c += L, at += L) {
          tile.outputAdjoint(
              dy, start + j * m * lanes + c, row, lanes, out, at, outPosition, scratch);
        }
      }
    }
  }

  private void addInputGradients(int first, int rows, float[] dx) {
    int row = input.rowStride();
    int m = tile.outputs();
    int at = 0;
    for (int i = first; i < first + rows; i++) {
      int start = i / tileRows * input.imageSize() + i % tileRows * m * row;
      for (int j = 0; j < tileColumns; j++) {
        for (int c = 0; c < inLanes; c += L, at += L) {
          tile.addInputAdjoint(
              in, at, inPosition, dx, start + j * m * inLanes + c, row, inLanes, scratch);
        }
      }
    }
  }

  @Override
  void beginGradients() {
    if (gradients == null) {
      gradients = new TransformedKernels(tile, inLanes * lanes);
    }
    gradients.clearGradients();
    if (index == 0) {
      return; // nobody wants the gradient by the images
    }
    if (transposed == null) {
      transposed = new TransformedKernels(tile, inLanes * lanes);
    }
    for (int tap = 0; tap < taps(); tap++) {
      for (int i = 0; i < inLanes; i += BLOCK) {
        for (int o = 0; o < lanes; o += BLOCK) {
          transpose(tap * inLanes * lanes, i, o);
        }
      }
    }
    transposed.transform();
  }

  /** A block that stays in the first-level cache. */
  private void transpose(int start, int firstIn, int firstOut) {
    for (int i = firstIn; i < Math.min(firstIn + BLOCK, inLanes); i++) {
      for (int o = firstOut; o < Math.min(firstOut + BLOCK, lanes); o++) {
        transposed.taps[start + o * inLanes + i] = kernels.taps[start + i * lanes + o];
      }
    }
  }

  @Override
  void convolveBackward(float[] x, float[] dx, int first, int count, float[] dy) {
    if (dx != null) {
      Arrays.fill(dx, first * input.imageSize(), (first + count) * input.imageSize(), 0f);
    }
    for (int row = 0; row < count * tileRows; row += rowsAtATime) {
      int rows = Math.min(rowsAtATime, count * tileRows - row);
      transformInput(x, first * tileRows + row, rows);
      transformOutputGradients(dy, row, rows);
      for (int p = 0; p < tile.positions(); p++) {
        MatrixProduct.addTransposedProduct(
            rows * tileColumns,
            in,
            p * inPosition,
            inLanes,
            out,
            p * outPosition,
            lanes,
            gradients.values,
            gradients.gradientAt(p));
        gradients.added(p);
      }
      if (dx == null) {
        continue;
      }
      for (int p = 0; p < tile.positions(); p++) {
        MatrixProduct.multiply(
            rows * tileColumns,
            out,
            p * outPosition,
            lanes,
            transposed.values,
            transposed.at(p),
            inLanes,
            in,
            p * inPosition);
      }
      addInputGradients(first * tileRows + row, rows, dx);
    }
  }

  @Override
  void storeWeightGradients(float[] to, int offset) {
    gradients.gatherGradients();
    unpad(gradients.taps, inLanes, to, offset);
  }
}
