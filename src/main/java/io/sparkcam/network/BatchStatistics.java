package io.sparkcam.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Means and variances that a batch normalisation has seen, as DL4J keeps them among its parameters:
 * first the means, then the variances or the decimal logarithms of deviations.
 *
 * @param offset of the first mean
 * @param channels means, and variances
 * @param logarithms whether deviations are kept, by their logarithms
 */
public record BatchStatistics(int offset, int channels, boolean logarithms)
    implements Serializable {

  /** Those of a network. */
  public static List<BatchStatistics> of(Model network) {
    List<BatchStatistics> all = new ArrayList<>();
    long offset = 0;
    for (Layer layer : layers(network)) {
      offset += layer.numParams();
      if (layer.conf().getLayer() instanceof BatchNormalization normalization) {
        int channels = (int) normalization.getNOut();
        all.add(
            new BatchStatistics(
                Math.toIntExact(offset) - 2 * channels, channels, normalization.isUseLogStd()));
      }
    }
    return all;
  }

  /** In the order of their parameters. */
  private static List<Layer> layers(Model network) {
    if (network instanceof MultiLayerNetwork stack) {
      return List.of(stack.getLayers());
    }
    ComputationGraph graph = (ComputationGraph) network;
    List<Layer> layers = new ArrayList<>();
    for (int place : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[place];
      if (vertex.hasLayer()) {
        layers.add(vertex.getLayer());
      }
    }
    return layers;
  }

  /** How many means there are. */
  public static int count(List<BatchStatistics> all) {
    return all.stream().mapToInt(BatchStatistics::channels).sum();
  }

  /**
   * Pools the statistics of several workers: the variance of all is the mean of {@code variance +
   * mean^2}, less the square of the mean of all.
   *
   * @param average receives the variances; has the means already
   * @param examples that each worker has seen
   * @param parameters of each worker
   */
  public static void pool(
      List<BatchStatistics> all, float[] average, List<Long> examples, List<float[]> parameters) {
    double images = examples.stream().mapToLong(Long::longValue).sum();
    for (BatchStatistics each : all) {
      for (int i = each.offset; i < each.offset + each.channels; i++) {
        double square = 0;
        for (int worker = 0; worker < parameters.size(); worker++) {
          double mean = parameters.get(worker)[i];
          double variance = each.variance(parameters.get(worker)[i + each.channels]);
          square += examples.get(worker) / images * (variance + mean * mean);
        }
        average[i + each.channels] =
            each.kept(Math.max(0, square - (double) average[i] * average[i]));
      }
    }
  }

  private double variance(float kept) {
    return logarithms ? Math.pow(10, 2.0 * kept) : kept;
  }

  private float kept(double variance) {
    return (float) (logarithms ? Math.log10(Math.sqrt(variance)) : variance);
  }

  /** Copies them. */
  public void copy(float[] from, float[] to) {
    System.arraycopy(from, offset, to, offset, 2 * channels);
  }
}
