package io.sparkcam.network;

import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights that nothing can be computed with. */
public final class FiniteWeights {
  private FiniteWeights() {}

  /**
   * Refuses a network with a weight that is NaN or infinite.
   *
   * @param name of its file, for messages
   * @throws IOException naming the first layer that has one
   */
  public static void require(MultiLayerNetwork network, String name) throws IOException {
    for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
      float[] values = parameter.getValue().dup('c').data().asFloat();
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          String[] key = parameter.getKey().split("_", 2);
          throw new IOException(
              "%s: layer %s (%s): value %d of %s is %s, expected finite weights"
                  .formatted(
                      name,
                      key[0],
                      network
                          .getLayer(Integer.parseInt(key[0]))
                          .conf()
                          .getLayer()
                          .getClass()
                          .getSimpleName(),
                      i,
                      key[1],
                      values[i]));
        }
      }
    }
  }
}
