package io.sparkcam.cam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassActivationTest {
  private static final int IMAGES = 16;
  private static final int CELLS = 9;
  private static final int CHANNELS = 128;
  private static final int CLASSES = 10;

  /** (images, y, x, k). */
  private static float[] features;

  /** (k, c). */
  private static float[] weights;

  private static float[] bias;
  private static float[] logits;
  private static ClassActivation activation;

  @BeforeAll
  static void loadReference() throws IOException {
    Map<String, Npy> parameters = Npy.goldenArchive("weights.npz");
    weights = transposed(parameters.get("dense_w").floats(), CLASSES, CHANNELS);
    bias = parameters.get("dense_b").floats();
    logits = Npy.golden("logits.npy").floats();
    float[] channelsFirst = Npy.golden("features_nchw.npy").floats();
    features = new float[channelsFirst.length];
    for (int image = 0; image < IMAGES; image++) {
      int from = image * CHANNELS * CELLS;
      float[] planes = Arrays.copyOfRange(channelsFirst, from, from + CHANNELS * CELLS);
      System.arraycopy(transposed(planes, CHANNELS, CELLS), 0, features, from, planes.length);
    }
    activation = new ClassActivation(3, 3, CHANNELS, CLASSES, weights, bias);
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] transposed = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = matrix[row * columns + column];
      }
    }
    return transposed;
  }

  private static float[] maps(float[] features, int images) {
    float[] maps = new float[images * CLASSES * CELLS];
    activation.maps(features, images, maps);
    return maps;
  }

  private static int predicted(int image) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      best = logits[image * CLASSES + c] > logits[image * CLASSES + best] ? c : best;
    }
    return best;
  }

  @Test
  void mapsOfEveryClassAgreeWithTheReference() throws IOException {
    // The contract is 1e-3. Values reach 32, where half a unit of single precision is 2e-6; the
    // features were rounded to single precision as well.
    assertArrayEquals(Npy.golden("cam3_all_classes.npy").floats(), maps(features, IMAGES), 4e-6f);
  }

  /**
   * Weights of their own for each cell: mean of a map plus bias is the logit of the flattened
   * product.
   */
  @Test
  void mapsOfFlattenedFeaturesAddUpToTheLogits() {
    float[] inputs = {1, 2, 3, 4, 5, 6, 7, 8}; // (y, x, k) of 2, 2, 2
    float[] cellWeights = {1, 0, 0, 1, 2, 0, 0, 2, 3, 0, 0, 3, 4, 0, 0, 4}; // (y, x, k, c)
    ClassActivation flattened =
        new ClassActivation(2, 2, 2, 2, cellWeights, new float[] {0.5f, -0.5f});
    float[] maps = new float[8];
    flattened.maps(inputs, 1, maps);
    assertArrayEquals(new float[] {4, 24, 60, 112, 8, 32, 72, 128}, maps);
    assertEquals(0, flattened.audit(maps, 0, new float[] {50.5f, 59.5f}, 0));
  }

  @Test
  void zoomedMapOfThePredictedClassAgreesWithZoomingEveryFeature() throws IOException {
    // The reference zooms all 128 planes with SciPy and then takes the product.
    float[] expected = Npy.golden("cam28_predicted.npy").floats();
    float[] maps = maps(features, IMAGES);
    float[] zoomed = new float[expected.length];
    Zoom zoom = Zoom.cornerAligned(3, 3, 28, 28, 2);
    for (int image = 0; image < IMAGES; image++) {
      zoom.zoom(maps, (image * CLASSES + predicted(image)) * CELLS, zoomed, image * 784);
    }
    // The contract is 1e-3. Values reach 30, and a zoomed one takes a few roundings of 2e-6.
    assertArrayEquals(expected, zoomed, 1e-5f);
  }

  @Test
  void zoomingTheMapEqualsMappingTheZoomedFeatures() {
    Zoom zoom = Zoom.cornerAligned(3, 3, 28, 28, 2);
    double[] map = new double[CELLS];
    double[] sum = new double[784];
    for (int k = 0; k < CHANNELS; k++) {
      double[] plane = new double[CELLS];
      for (int cell = 0; cell < CELLS; cell++) {
        plane[cell] = features[cell * CHANNELS + k];
        map[cell] += (double) weights[k * CLASSES + 7] * plane[cell];
      }
      double[] zoomed = zoom.zoom(plane);
      for (int i = 0; i < 784; i++) {
        sum[i] += weights[k * CLASSES + 7] * zoomed[i];
      }
    }
    // 128 double additions of values of order 1.
    assertArrayEquals(sum, zoom.zoom(map), 1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 16})
  void batchSizeDoesNotChangeMaps(int size) {
    // 5 x 16 images go through several blocks; every map must be the same to the last bit.
    int images = 5 * IMAGES;
    float[] all = new float[images * CELLS * CHANNELS];
    Random random = new Random(4);
    for (int i = 0; i < all.length; i++) {
      all[i] = random.nextFloat();
    }
    float[] expected = maps(all, images);
    for (int first = 0; first < images; first += size) {
      int count = Math.min(size, images - first);
      float[] part =
          Arrays.copyOfRange(all, first * CELLS * CHANNELS, (first + count) * CELLS * CHANNELS);
      assertArrayEquals(
          Arrays.copyOfRange(expected, first * CLASSES * CELLS, (first + count) * CLASSES * CELLS),
          maps(part, count),
          0f);
    }
  }

  @Test
  void oddSizesAgreeWithTheFormula() {
    Random random = new Random(5);
    float[] w = new float[7 * 3];
    float[] b = {1, 2, 3};
    float[] f = new float[2 * 4 * 50 * 7];
    for (int i = 0; i < w.length; i++) {
      w[i] = random.nextFloat() - 0.5f;
    }
    for (int i = 0; i < f.length; i++) {
      f[i] = random.nextFloat();
    }
    float[] maps = new float[2 * 3 * 200];
    new ClassActivation(4, 50, 7, 3, w, b).maps(f, 2, maps);
    for (int i = 0; i < maps.length; i++) {
      int image = i / 600;
      int c = i / 200 % 3;
      double expected = 0;
      for (int k = 0; k < 7; k++) {
        expected += (double) w[k * 3 + c] * f[(image * 200 + i % 200) * 7 + k];
      }
      // The rounding of one value of order 1 to single precision.
      assertEquals(expected, maps[i], 1e-7);
    }
  }

  @Test
  void auditOfTheReferenceIsTiny() {
    float[] maps = maps(features, IMAGES);
    for (int image = 0; image < IMAGES; image++) {
      // The contract is 1e-4; what is left is the rounding of logits of up to some tens to single
      // precision.
      float error = activation.audit(maps, image * CLASSES * CELLS, logits, image * CLASSES);
      assertTrue(error < 2e-6f, "image " + image + ": " + error);
    }
  }

  @Test
  void auditMeasuresTheWorstClass() {
    float[] maps = maps(features, 1);
    float[] wrong = Arrays.copyOf(logits, CLASSES);
    wrong[3] += 0.5f;
    wrong[8] -= 0.25f;
    assertEquals(0.5f, activation.audit(maps, 0, wrong, 0), 1e-5f);
    maps[0] = Float.NaN;
    assertTrue(Float.isNaN(activation.audit(maps, 0, wrong, 0)));
  }

  @Test
  void parametersAreCopied() {
    float[] kernel = weights.clone();
    float[] copy = bias.clone();
    ClassActivation own = new ClassActivation(3, 3, CHANNELS, CLASSES, kernel, copy);
    float[] maps = maps(features, 1);
    Arrays.fill(kernel, 0);
    Arrays.fill(copy, 99);
    float[] later = new float[maps.length];
    own.maps(features, 1, later);
    assertArrayEquals(maps, later, 0f);
    assertTrue(own.audit(later, 0, logits, 0) < 1e-5f);
  }

  @Test
  void messagesNameWhatIsWrong() {
    assertRefused(
        "1279 weights, expected 128 x 10",
        () -> new ClassActivation(3, 3, 128, 10, new float[1279], bias));
    assertRefused(
        "9 biases, expected 10", () -> new ClassActivation(3, 3, 128, 10, weights, new float[9]));
    assertRefused(
        "class activation of features (3, 0, 128) and 10 classes, expected sizes of at least 1",
        () -> new ClassActivation(3, 0, 128, 10, weights, bias));
    assertRefused(
        "maps of -1 images, expected at least 0",
        () -> activation.maps(features, -1, new float[0]));
    assertRefused(
        "features of 17 images: 18432 values from offset 0, expected 19584",
        () -> activation.maps(features, 17, new float[1530]));
    assertRefused(
        "maps of 1 images: 89 values from offset 0, expected 90",
        () -> activation.maps(features, 1, new float[89]));
    assertRefused(
        "maps: 90 values from offset 1, expected 90",
        () -> activation.audit(new float[90], 1, logits, 0));
    assertRefused(
        "logits: 160 values from offset 151, expected 10",
        () -> activation.audit(new float[90], 0, logits, 151));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
