package io.sparkcam.network.engine.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** F(3 x 3, 3 x 3) at the points 0, 1, -1, 2 and infinity. */
final class WinogradTile3 extends WinogradTile {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  @Override
  int outputs() {
    return 3;
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
      FloatVector d31 = d3.sub(d1);
      d0.sub(d2).add(d0.sub(d2)).add(d31).intoArray(to, toAt);
      d3.sub(d2).sub(d1.add(d1)).intoArray(to, toAt + toStep);
      d3.add(d1.add(d1)).sub(d2.mul(3f)).intoArray(to, toAt + 2 * toStep);
      d31.intoArray(to, toAt + 3 * toStep);
      d4.sub(d2).sub(d31.add(d31)).intoArray(to, toAt + 4 * toStep);
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
      v0.add(v0).intoArray(to, toAt);
      v2.sub(v1).add(v4).mul(2f).sub(v0.add(v3)).intoArray(to, toAt + toStep);
      v0.mul(-2f).sub(v1).sub(v2.mul(3f)).sub(v4).intoArray(to, toAt + 2 * toStep);
      v0.add(v1).add(v2.add(v3)).sub(v4.add(v4)).intoArray(to, toAt + 3 * toStep);
      v4.intoArray(to, toAt + 4 * toStep);
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
      FloatVector even = m1.add(m2);
      m0.add(even).add(m3).intoArray(to, toAt);
      m1.sub(m2).add(m3.add(m3)).intoArray(to, toAt + toStep);
      even.add(m3.mul(4f)).add(m4).intoArray(to, toAt + 2 * toStep);
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
      FloatVector even = y0.add(y2);
      y0.intoArray(to, toAt);
      even.add(y1).intoArray(to, toAt + toStep);
      even.sub(y1).intoArray(to, toAt + 2 * toStep);
      y0.add(y1.add(y1)).add(y2.mul(4f)).intoArray(to, toAt + 3 * toStep);
      y2.intoArray(to, toAt + 4 * toStep);
    }
  }

  @Override
  float[][] kernelMatrix() {
    return new float[][] {
      {0.5f, 0, 0},
      {-0.5f, -0.5f, -0.5f},
      {-1f / 6, 1f / 6, -1f / 6},
      {1f / 6, 1f / 3, 2f / 3},
      {0, 0, 1}
    };
  }
}
