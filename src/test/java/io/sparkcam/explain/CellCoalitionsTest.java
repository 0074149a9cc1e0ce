package io.sparkcam.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.cam.ClassActivation;
import io.sparkcam.network.GapHead;
import io.sparkcam.network.HeadKind;
import io.sparkcam.testing.GoldenNetwork;
import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against forward passes through the network's own head, of features with cells set to 0. */
class CellCoalitionsTest {
  private static final int CELLS = 9;
  private static final int SETS = 1 << CELLS;
  private static final GapHead HEAD = new GapHead(CELLS, 128, 10);

  private final float[] pooled = new float[SETS * 128];
  private final float[] logits = new float[SETS * 10];
  private final float[] probabilities = new float[SETS * 10];

  /** Leaves what the head says of every subset of an image's cells. */
  private void forward(float[] features, float[] head, HeadKind kind) {
    float[] masked = new float[SETS * CELLS * 128];
    for (int set = 0; set < SETS; set++) {
      for (int cell = 0; cell < CELLS; cell++) {
        if ((set >> cell & 1) == 1) {
          System.arraycopy(features, cell * 128, masked, (set * CELLS + cell) * 128, 128);
        }
      }
    }
    HEAD.pool(SETS, masked, pooled);
    HEAD.logits(SETS, pooled, head, 0, logits);
    kind.probabilities(SETS, 10, logits, probabilities);
  }

  private int predicted(int set) {
    int top = 0;
    for (int c = 1; c < 10; c++) {
      top = logits[set * 10 + c] > logits[set * 10 + top] ? c : top;
    }
    return top;
  }

  /** Scale 600 takes odds beyond what products of doubles hold. */
  @ParameterizedTest
  @CsvSource({"SOFTMAX, 1", "SOFTMAX, 600", "SIGMOID, 1"})
  void subsetsShapleyValuesAndDecidingCellsAreThoseOfForwardPasses(HeadKind kind, float scale)
      throws IOException {
    float[] parameters = GoldenNetwork.parameters();
    float[] weights = GoldenNetwork.MODEL.denseWeights(parameters);
    float[] bias = GoldenNetwork.MODEL.denseBias(parameters);
    float[] head = new float[1290];
    for (int i = 0; i < 1280; i++) {
      weights[i] *= scale;
      head[i % 10 * 128 + i / 10] = weights[i];
    }
    System.arraycopy(bias, 0, head, 1280, 10);
    float[] features = Npy.golden("features_nchw.npy").floats();
    ExplanationShape shape = new ExplanationShape(28, 28, 3, 3, 128, 10);
    CellCoalitions coalitions = new CellCoalitions(shape, kind, bias);
    int empty = 0;
    for (int image = 0; image < 16; image++) {
      float[] own = new float[CELLS * 128];
      for (int i = 0; i < own.length; i++) {
        own[i] = features[image * own.length + i % 128 * CELLS + i / 128];
      }
      forward(own, head, kind);
      int whole = predicted(SETS - 1);
      float[] maps = new float[90];
      new ClassActivation(3, 3, 128, 10, weights, bias).maps(own, 1, maps);
      coalitions.load(maps, 0, whole);
      // Logits of about 10 in single precision; those of 6000 move a probability by 1e-3.
      double tolerance = scale == 1 ? 1e-6 : 1e-3;
      for (int set = 0; set < SETS; set++) {
        assertEquals(
            probabilities[set * 10 + whole], coalitions.probability(set), tolerance, "set " + set);
      }
      float[] values = new float[CELLS];
      coalitions.shapley(values, 0);
      for (int cell = 0; cell < CELLS; cell++) {
        assertEquals(shapley(cell, whole), values[cell], tolerance, "cell " + cell);
      }
      int sufficient = fewest(set -> predicted(set) == whole).orElseThrow();
      int deciding = fewest(set -> predicted(SETS - 1 - set) != whole).orElse(-1);
      assertEquals(sufficient, coalitions.sufficient());
      assertEquals(deciding, coalitions.deciding());
      empty += sufficient == 0 ? 1 : 0;
    }
    assertEquals(2, empty);
  }

  /** By definition: the mean over the sizes of sets without the cell, then over such sets. */
  private double shapley(int cell, int predicted) {
    double[] sums = new double[CELLS];
    int[] counts = new int[CELLS];
    for (int set = 0; set < SETS; set++) {
      if ((set >> cell & 1) == 0) {
        sums[Integer.bitCount(set)] +=
            (double) probabilities[(set | 1 << cell) * 10 + predicted]
                - probabilities[set * 10 + predicted];
        counts[Integer.bitCount(set)]++;
      }
    }
    return IntStream.range(0, CELLS)
        .mapToDouble(size -> sums[size] / counts[size])
        .average()
        .orElseThrow();
  }

  private static Optional<Integer> fewest(IntPredicate wanted) {
    Comparator<Integer> order =
        Comparator.<Integer>comparingInt(Integer::bitCount)
            .thenComparing(
                set ->
                    IntStream.range(0, CELLS)
                        .filter(cell -> (set >> cell & 1) == 1)
                        .mapToObj(String::valueOf)
                        .reduce("", String::concat));
    return IntStream.range(0, SETS).filter(wanted).boxed().min(order);
  }

  @Test
  void manyCellsAreGrouped() {
    CellGroups resnet = CellGroups.of(new ExplanationShape(224, 224, 7, 7, 512, 10));
    assertEquals(List.of(4, 4), List.of(resnet.rows(), resnet.columns()));
    int[] column = IntStream.range(0, 7).map(resnet::group).toArray();
    assertArrayEquals(new int[] {0, 1, 1, 2, 2, 3, 3}, column); // from floor(i * 7 / 4) on
    assertEquals(9, CellGroups.of(new ExplanationShape(224, 224, 7, 7, 512, 1000)).count());
    // A group counts as all of its cells at once.
    ExplanationShape shape = new ExplanationShape(64, 64, 5, 5, 1, 2);
    CellGroups groups = CellGroups.of(shape);
    float[] maps = new float[50];
    for (int i = 0; i < 50; i++) {
      maps[i] = (i * 7 % 11 - 5) / 2f;
    }
    CellCoalitions coalitions = new CellCoalitions(shape, HeadKind.SOFTMAX, new float[] {0.5f, 0});
    coalitions.load(maps, 0, 1);
    for (int set = 0; set < 1 << groups.count(); set += 97) {
      double margin = 0.5;
      for (int cell = 0; cell < 25; cell++) {
        if ((set >> groups.group(cell) & 1) == 1) {
          margin += (maps[cell] - maps[25 + cell]) / 25.0;
        }
      }
      assertEquals(1 / (1 + Math.exp(margin)), coalitions.probability(set), 1e-12);
    }
  }

  /** Two classes, maps of nothing but zeros: the biases alone decide, and the lowest of equals. */
  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 1, 1"})
  void noCellIsNeededWhereNoneChangesThePrediction(float first, float second, int predicted) {
    ExplanationShape shape = new ExplanationShape(8, 8, 2, 2, 1, 2);
    CellCoalitions coalitions =
        new CellCoalitions(shape, HeadKind.SOFTMAX, new float[] {first, second});
    coalitions.load(new float[8], 0, predicted);
    assertEquals(0, coalitions.sufficient());
    assertEquals(ExplanationBatch.NONE, coalitions.deciding());
  }
}
