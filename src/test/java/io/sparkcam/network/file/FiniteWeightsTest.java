package io.sparkcam.network.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sparkcam.network.GapCnn;
import io.sparkcam.network.TrainableNetwork;
import java.io.IOException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class FiniteWeightsTest {
  @ParameterizedTest
  @CsvSource({
    "0_b, 3, NaN, layer 0 (ConvolutionLayer): value 3 of b is NaN",
    "8_W, 1279, -Infinity, layer 8 (OutputLayer): value 1279 of W is -Infinity",
  })
  void layerOfAWeightThatIsNotFiniteIsNamed(String key, int place, float value, String found)
      throws IOException {
    MultiLayerNetwork network = GapCnn.lab(28, 28, 1, 10).network(TrainableNetwork.adam(1e-3), 1);
    FiniteWeights.require(network, "model.zip");
    INDArray weights = network.getParam(key);
    int columns = (int) weights.size(-1);
    int[] cell =
        weights.rank() == 1 ? new int[] {place} : new int[] {place / columns, place % columns};
    weights.putScalar(cell, value);
    IOException refused =
        assertThrows(IOException.class, () -> FiniteWeights.require(network, "model.zip"));
    assertEquals("model.zip: " + found + ", expected finite weights", refused.getMessage());
  }
}
