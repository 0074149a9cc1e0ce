package io.sparkcam.network;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * How many steps and epochs a DL4J network has been trained for, which its two kinds, {@link
 * MultiLayerNetwork} and {@link ComputationGraph}, say under no type in common.
 */
public final class NetworkCounters {
  private NetworkCounters() {}

  /** Steps taken. */
  public static int iteration(Model network) {
    return network instanceof MultiLayerNetwork stack
        ? stack.getIterationCount()
        : ((ComputationGraph) network).getIterationCount();
  }

  /** Says how many steps were taken. */
  public static void setIteration(Model network, int count) {
    if (network instanceof MultiLayerNetwork stack) {
      stack.setIterationCount(count);
    } else {
      ((ComputationGraph) network).getConfiguration().setIterationCount(count);
    }
  }

  /** Says how many epochs are done. */
  public static void setEpoch(Model network, int count) {
    if (network instanceof MultiLayerNetwork stack) {
      stack.setEpochCount(count);
    } else {
      ((ComputationGraph) network).getConfiguration().setEpochCount(count);
    }
  }
}
