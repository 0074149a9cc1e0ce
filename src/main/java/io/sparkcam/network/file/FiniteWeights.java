package io.sparkcam.network.file;

import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
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
  public static void require(Model network, String name) throws IOException {
    for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
      float[] values = parameter.getValue().dup('c').data().asFloat();
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          int end = parameter.getKey().lastIndexOf('_');
          String layer = parameter.getKey().substring(0, end);
          throw new IOException(
              "%s: layer %s (%s): value %s of %s is %s, expected finite weights"
                  .formatted(
                      name,
                      layer,
                      layer(network, layer).conf().getLayer().getClass().getSimpleName(),
                      i,
                      parameter.getKey().substring(end + 1),
                      values[i]));
        }
      }
    }
  }

  private static Layer layer(Model network, String name) {
    return network instanceof MultiLayerNetwork layers
        ? layers.getLayer(Integer.parseInt(name))
        : ((ComputationGraph) network).getLayer(name);
  }
}
