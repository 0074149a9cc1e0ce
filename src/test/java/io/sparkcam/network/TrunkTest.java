package io.sparkcam.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.network.Trunk.Stage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrunkTest {
  /** Of odd sizes: pooling drops row 27 and column 25, then row 13. */
  private static final Trunk ODD =
      new Trunk(
          27,
          25,
          3,
          List.of(
              new Stage(16, 3, true),
              new Stage(5, 1, false),
              new Stage(7, 3, true),
              new Stage(24, 3, false)));

  @Test
  void sizes() {
    assertEquals(3 * 27 * 25, ODD.inputSize());
    int[][] into = {{3, 27, 25}, {16, 13, 12}, {5, 13, 12}, {7, 6, 6}};
    for (int stage = 0; stage < into.length; stage++) {
      assertEquals(into[stage][0], ODD.channelsInto(stage));
      assertEquals(into[stage][1], ODD.rowsInto(stage));
      assertEquals(into[stage][2], ODD.columnsInto(stage));
    }
    assertEquals(6, ODD.featureRows());
    assertEquals(6, ODD.featureColumns());
    assertEquals(24, ODD.featureChannels());
    assertEquals(36, ODD.featureCells());
    assertEquals(36 * 24, ODD.featureSize());
    assertEquals(4, ODD.featureStride());
  }

  @Test
  void offsets() {
    int[] weights = {16 * 3 * 9, 5 * 16, 7 * 5 * 9, 24 * 7 * 9};
    int offset = 0;
    for (int stage = 0; stage < weights.length; stage++) {
      assertEquals(offset, ODD.biasOffset(stage));
      assertEquals(weights[stage], ODD.weightCount(stage));
      offset += ODD.stages().get(stage).filters() + weights[stage];
    }
    assertEquals(offset, ODD.parameterCount());
  }

  @Test
  void aPooledLastStageHalvesTheFeatures() {
    Trunk trunk = new Trunk(9, 4, 1, List.of(new Stage(2, 3, true)));
    assertEquals(4, trunk.featureRows());
    assertEquals(2, trunk.featureColumns());
    assertEquals(2, trunk.featureStride());
  }

  @Test
  void readsAsOneLine() {
    assertEquals("3x27x25 -> 16 pool -> 5 (1x1) -> 7 pool -> 24", ODD.toString());
  }

  @Test
  void stagesAreCopied() {
    List<Stage> stages = new ArrayList<>(ODD.stages());
    Trunk trunk = new Trunk(27, 25, 3, stages);
    stages.clear();
    assertEquals(ODD, trunk);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 3; filters: 0, expected at least 1",
        "4; 2; kernel: 2, expected 1 or 3",
        "4; 5; kernel: 5, expected 1 or 3"
      })
  void stageRefuses(int filters, int kernel, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> new Stage(filters, kernel, true))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 9; 1; 1; trunk of (1, 0, 9) with 1 convolutions,"
            + " expected positive sizes and at least one convolution",
        "9; 9; 0; 1; trunk of (0, 9, 9) with 1 convolutions,"
            + " expected positive sizes and at least one convolution",
        "9; 9; 1; 0; trunk of (1, 9, 9) with 0 convolutions,"
            + " expected positive sizes and at least one convolution",
        "9; 3; 1; 2; convolution 2: nothing is left of 9x3 after its pooling"
      })
  void trunkRefuses(int height, int width, int channels, int convolutions, String message) {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < convolutions; i++) {
      stages.add(new Stage(4, 3, true));
    }
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> new Trunk(height, width, channels, stages))
            .getMessage());
  }
}
