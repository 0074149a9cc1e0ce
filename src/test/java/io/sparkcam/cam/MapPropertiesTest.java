package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds of every map, of whatever size. */
class MapPropertiesTest {
  private static double[] map(long seed, int height, int width) {
    return new SplittableRandom(seed).doubles((long) height * width, -1, 1).toArray();
  }

  private static double[] mirrored(double[] map, int width) {
    return IntStream.range(0, map.length)
        .mapToDouble(i -> map[i - i % width + width - 1 - i % width])
        .toArray();
  }

  private static double[] transposed(double[] map, int height, int width) {
    return IntStream.range(0, map.length)
        .mapToDouble(i -> map[i % height * width + i / height])
        .toArray();
  }

  /**
   * A mirrored map zooms to the mirrored picture. Sizes at which SciPy rounds the far edge to 0 are
   * no mirror images of the near edge, so the aligned zoom is asked. The prefilter amplifies
   * rounding by less than 3 an axis, of values below 1.
   */
  @Property(tries = 200)
  void zoomCommutesWithMirrorsAndTransposition(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll long seed) {
    double offset = (stride - 1) / 2.0;
    int tall = height * stride;
    int wide = width * stride;
    Zoom zoom = Zoom.receptiveFieldAligned(height, width, tall, wide, offset, stride);
    double[] map = map(seed, height, width);
    double[] picture = zoom.zoom(map);
    assertArrayEquals(mirrored(picture, wide), zoom.zoom(mirrored(map, width)), 1e-12);
    Zoom sideways = Zoom.receptiveFieldAligned(width, height, wide, tall, offset, stride);
    assertArrayEquals(
        transposed(picture, tall, wide), sideways.zoom(transposed(map, height, width)), 1e-12);
  }

  /** Scaling by a power of two is exact, so no pixel changes sides of the threshold. */
  @Property(tries = 200)
  void boxIsThatOfTheScaledMap(
      @ForAll @IntRange(min = 1, max = 12) int height,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll @IntRange(min = -20, max = 20) int exponent,
      @ForAll long seed) {
    double[] map = map(seed, height, width);
    float[] values = new float[map.length];
    float[] scaled = new float[map.length];
    for (int i = 0; i < map.length; i++) {
      values[i] = (float) map[i];
      scaled[i] = Math.scalb(values[i], exponent);
    }
    BoxFinder finder = new BoxFinder(height, width);
    assertEquals(finder.largest(values, 0), finder.largest(scaled, 0));
  }
}
