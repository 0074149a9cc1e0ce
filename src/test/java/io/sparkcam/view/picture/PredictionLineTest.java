package io.sparkcam.view.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionLineTest {
  @Test
  void isTheLabsLine() {
    assertEquals("Predicted Class = 8, Probability = 0.9998739", PredictionLine.of(8, 0.9998739f));
    assertEquals("Predicted Class = 0, Probability = 1.0", PredictionLine.of(0, 1));
  }

  @Test
  void probabilitiesArePrintedAsNumPyPrintsThem() {
    List<String> lines = Samples.reference("floats.txt");
    assertEquals(338, lines.size());
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      float value = Float.intBitsToFloat(Integer.parseUnsignedInt(words[0], 16));
      assertEquals(words[1], PredictionLine.decimal(value), "bits " + words[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1.5f, Float.NaN})
  void refusesWhatIsNoProbability(float value) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> PredictionLine.decimal(value));
    assertEquals("probability " + value + ", expected 0 to 1", e.getMessage());
  }
}
