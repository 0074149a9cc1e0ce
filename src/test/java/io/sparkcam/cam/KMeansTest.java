package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KMeansTest {
  private static final int[] SIZES = {700, 250, 50};

  private static float[][] points(double apart) {
    Random random = new Random(1);
    float[][] points = new float[1000][9];
    for (int n = 0; n < 1000; n++) {
      int group = n < SIZES[0] ? 0 : n < SIZES[0] + SIZES[1] ? 1 : 2;
      for (int i = 0; i < 9; i++) {
        points[n][i] = (float) ((i == group ? apart : 0) + random.nextGaussian() / 10);
      }
    }
    return points;
  }

  /** Groups ten deviations apart: their means are known, the smallest has 5% of the points. */
  @Test
  void groupsAreFoundAndCounted() {
    float[][] points = points(1);
    List<double[]> centres = KMeans.centres(points, 8, 42);
    assertEquals(3, centres.size());
    int first = 0;
    for (int size : SIZES) {
      double[] mean = new double[9];
      for (int n = first; n < first + size; n++) {
        for (int i = 0; i < 9; i++) {
          mean[i] += points[n][i] / (double) size;
        }
      }
      assertArrayEquals(mean, centres.get(KMeans.nearest(centres, points[first])), 1e-9);
      first += size;
    }
  }

  /**
   * A cloud of two independent coordinates, each written down six times: as twelve independent
   * observations any part of it would make a group of its own.
   */
  @Test
  void repeatedCoordinatesAreNoFurtherObservations() {
    Random random = new Random(2);
    float[][] points = new float[1000][12];
    for (float[] point : points) {
      float x = (float) random.nextGaussian();
      float y = (float) random.nextGaussian();
      for (int i = 0; i < 12; i++) {
        point[i] = i % 2 == 0 ? x : y;
      }
    }
    assertEquals(2, KMeans.dimensions(points), 0.01);
    assertEquals(1, KMeans.centres(points, 8, 42).size());
  }

  @Test
  void oneCloudIsOneGroup() {
    assertEquals(1, KMeans.centres(points(0), 8, 42).size());
    assertEquals(1, KMeans.centres(new float[20][4], 8, 42).size());
    assertEquals(1, KMeans.centres(new float[1][4], 8, 42).size());
  }
}
