package io.sparkcam.network.engine.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(4 x 4, 3 x 3) at the points 0, ±a, ±b and infinity with {@code a = sqrt(1/2)}, {@code b =
 * sqrt(2)}: of like magnitude in both directions, they lose fewer digits than 0, ±1, ±2 (Barabasz
 * et al. 2020, <a href="https://arxiv.org/abs/1803.10986">arXiv:1803.10986</a>).
 */
final class WinogradTile4 extends WinogradTile {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final float A = (float) Math.sqrt(0.5);
  private static final float B = (float) Math.sqrt(2);
  private static final float A3 = (float) (0.5 * Math.sqrt(0.5));
  private static final float B3 = (float) (2 * Math.sqrt(2));

  @Override
  int outputs() {
    return 4;
  }

  @Override
  void inputLines(
      int count,
      float[] values,
      int start,
      int step,
      int next,
      float[] to,
      int toStart,
      int toStep,
      int toNext) {
    for (int line = 0; line < count; line++) {
      int at = start + line * next;
      int toAt = toStart + line * toNext;
      FloatVector d0 = FloatVector.fromArray(S, values, at);
      FloatVector d1 = FloatVector.fromArray(S, values, at + step);
      FloatVector d2 = FloatVector.fromArray(S, values, at + 2 * step);
      FloatVector d3 = FloatVector.fromArray(S, values, at + 3 * step);
      FloatVector d4 = FloatVector.fromArray(S, values, at + 4 * step);
      FloatVector d5 = FloatVector.fromArray(S, values, at + 5 * step);
      FloatVector middle = FloatVector.broadcast(S, -2.5f);
      d2.fma(middle, d0.add(d4)).intoArray(to, toAt);
      FloatVector even = d4.sub(d2.add(d2));
      FloatVector odd = d3.mul(A).sub(d1.mul(B));
      even.add(odd).intoArray(to, toAt + toStep);
      even.sub(odd).intoArray(to, toAt + 2 * toStep);
      even = d4.sub(d2.mul(0.5f));
      odd = d3.mul(B).sub(d1.mul(A));
      even.add(odd).intoArray(to, toAt + 3 * toStep);
      even.sub(odd).intoArray(to, toAt + 4 * toStep);
      d3.fma(middle, d1.add(d5)).intoArray(to, toAt + 5 * toStep);
    }
  }

  @Override
  void inputAdjointLines(
      int count,
      float[] values,
      int start,
      int step,
      int next,
      float[] to,
      int toStart,
      int toStep,
      int toNext) {
    for (int line = 0; line < count; line++) {
      int at = start + line * next;
      int toAt = toStart + line * toNext;
      FloatVector v0 = FloatVector.fromArray(S, values, at);
      FloatVector v1 = FloatVector.fromArray(S, values, at + step);
      FloatVector v2 = FloatVector.fromArray(S, values, at + 2 * step);
      FloatVector v3 = FloatVector.fromArray(S, values, at + 3 * step);
      FloatVector v4 = FloatVector.fromArray(S, values, at + 4 * step);
      FloatVector v5 = FloatVector.fromArray(S, values, at + 5 * step);
      FloatVector evenA = v1.add(v2);
      FloatVector oddA = v1.sub(v2);
      FloatVector evenB = v3.add(v4);
      FloatVector oddB = v3.sub(v4);
      v0.intoArray(to, toAt);
      v5.sub(oddA.mul(B)).sub(oddB.mul(A)).intoArray(to, toAt + toStep);
      v0.mul(-2.5f).sub(evenA.add(evenA)).sub(evenB.mul(0.5f)).intoArray(to, toAt + 2 * toStep);
      oddA.mul(A).add(oddB.mul(B)).sub(v5.mul(2.5f)).intoArray(to, toAt + 3 * toStep);
      v0.add(evenA).add(evenB).intoArray(to, toAt + 4 * toStep);
      v5.intoArray(to, toAt + 5 * toStep);
    }
  }

  @Override
  void outputLines(
      int count,
      float[] values,
      int start,
      int step,
      int next,
      float[] to,
      int toStart,
      int toStep,
      int toNext) {
    for (int line = 0; line < count; line++) {
      int at = start + line * next;
      int toAt = toStart + line * toNext;
      FloatVector m0 = FloatVector.fromArray(S, values, at);
      FloatVector m1 = FloatVector.fromArray(S, values, at + step);
      FloatVector m2 = FloatVector.fromArray(S, values, at + 2 * step);
      FloatVector m3 = FloatVector.fromArray(S, values, at + 3 * step);
      FloatVector m4 = FloatVector.fromArray(S, values, at + 4 * step);
      FloatVector m5 = FloatVector.fromArray(S, values, at + 5 * step);
      FloatVector evenA = m1.add(m2);
      FloatVector oddA = m1.sub(m2);
      FloatVector evenB = m3.add(m4);
      FloatVector oddB = m3.sub(m4);
      m0.add(evenA).add(evenB).intoArray(to, toAt);
      oddA.mul(A).add(oddB.mul(B)).intoArray(to, toAt + toStep);
      evenA.mul(0.5f).add(evenB.add(evenB)).intoArray(to, toAt + 2 * toStep);
      oddA.mul(A3).add(oddB.mul(B3)).add(m5).intoArray(to, toAt + 3 * toStep);
    }
  }

  @Override
  void outputAdjointLines(
      int count,
      float[] values,
      int start,
      int step,
      int next,
      float[] to,
      int toStart,
      int toStep,
      int toNext) {
    for (int line = 0; line < count; line++) {
      int at = start + line * next;
      int toAt = toStart + line * toNext;
      FloatVector y0 = FloatVector.fromArray(S, values, at);
      FloatVector y1 = FloatVector.fromArray(S, values, at + step);
      FloatVector y2 = FloatVector.fromArray(S, values, at + 2 * step);
      FloatVector y3 = FloatVector.fromArray(S, values, at + 3 * step);
      y0.intoArray(to, toAt);
      FloatVector even = y0.add(y2.mul(0.5f));
      FloatVector odd = y1.mul(A).add(y3.mul(A3));
      even.add(odd).intoArray(to, toAt + toStep);
      even.sub(odd).intoArray(to, toAt + 2 * toStep);
      even = y0.add(y2.add(y2));
      odd = y1.mul(B).add(y3.mul(B3));
      even.add(odd).intoArray(to, toAt + 3 * toStep);
      even.sub(odd).intoArray(to, toAt + 4 * toStep);
      y3.intoArray(to, toAt + 5 * toStep);
    }
  }

  @Override
  float[][] kernelMatrix() {
    return new float[][] {
      {1, 0, 0},
      {-2f / 3, -B / 3, -1f / 3},
      {-2f / 3, B / 3, -1f / 3},
      {1f / 6, B / 6, 1f / 3},
      {1f / 6, -B / 6, 1f / 3},
      {0, 0, 1}
    };
  }
}
