package io.sparkcam.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.explain.Explainer;
import io.sparkcam.network.GapCnn;
import io.sparkcam.report.ClassMap;
import io.sparkcam.report.ImagePixels;
import io.sparkcam.report.Tint;
import io.sparkcam.sink.ExplainedRow;
import io.sparkcam.sink.TableShape;
import io.sparkcam.testing.Npy;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FullMapsTest {
  private static final int CELLS = 9;
  private static final int CLASSES = 10;
  private static final TableShape LAB = new TableShape(28, 28, 3, 3, 128, CLASSES);
  private static final ImagePixels BLANK = new ImagePixels(28, 28, 1, new byte[28 * 28]);

  /** SciPy's maps of the predicted classes, zoomed from all 128 features before they are summed. */
  @Test
  void mapsAreTheReferencesWhicheverClassIsShown() throws IOException {
    float[] low = Npy.golden("cam3_all_classes.npy").floats();
    double[] expected = Npy.golden("cam28_predicted.npy").doubles();
    double[] probabilities = Npy.golden("probabilities.npy").doubles();
    FullMaps maps = new FullMaps(LAB, new Look(Look.Format.PNG, Tint.BY_CONFIDENCE, Set.of(), ""));
    for (int i = 0; i < 16; i++) {
      int shown = argmax(probabilities, i * CLASSES);
      float[] all = Arrays.copyOfRange(low, i * CLASSES * CELLS, (i + 1) * CLASSES * CELLS);
      ExplainedRow predicted = new ExplainedRow(i, 0, shown, 0.5f, all, List.of());
      assertIsReference(expected, i, maps.explained(predicted, shown, BLANK).map());

      // The same map where another class is predicted.
      ExplainedRow other = new ExplainedRow(i, 0, (shown + 1) % CLASSES, 0.5f, all, List.of());
      assertIsReference(expected, i, maps.explained(other, shown, BLANK).map());
      assertEquals(shown, maps.explained(other, shown, BLANK).map().classIndex());
    }
  }

  private static void assertIsReference(double[] expected, int image, ClassMap map) {
    for (int pixel = 0; pixel < 28 * 28; pixel++) {
      // Values are up to about 30; single precision leaves some 1e-6 of that.
      assertEquals(expected[image * 784 + pixel], map.at(pixel / 28, pixel % 28), 1e-4);
    }
  }

  private static int argmax(double[] values, int offset) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      best = values[offset + c] > values[offset + best] ? c : best;
    }
    return best;
  }

  @ParameterizedTest
  @CsvSource({"28, 28", "32, 32", "29, 47", "8, 100"})
  void theStrideThatSizesShowIsTheNetworks(int height, int width) {
    GapCnn model = GapCnn.lab(height, width, 1, 10);
    assertEquals(
        model.trunk().featureStride(), Explainer.tableShape(model).featureStride(), "pooled by 8");
  }
}
