package io.sparkcam.network.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layers that branch and join. DL4J believes the order that is stored with a graph, and looks for
 * circles only where there is none; here it must be one in which every vertex comes after those
 * whose outputs it takes.
 */
record StoredGraph(ComputationGraphConfiguration configuration) implements StoredNetwork {
  /** The usual image classifiers have up to a thousand. */
  private static final int MOST_VERTICES = 1 << 12;

  /** Of a vertex. */
  private static final int MOST_INPUTS = 1 << 8;

  /**
   * Checks how its vertices go together.
   *
   * @throws IllegalArgumentException saying what does not
   */
  StoredGraph {
    Map<String, GraphVertex> vertices = configuration.getVertices();
    List<String> inputs = configuration.getNetworkInputs();
    require(vertices.size() + inputs.size() <= MOST_VERTICES, "too many vertices");
    require(
        vertices.keySet().equals(configuration.getVertexInputs().keySet()),
        "inputs of other vertices than it has");
    require(
        vertices.keySet().containsAll(configuration.getNetworkOutputs()), "outputs of no vertex");
    if (configuration.getTopologicalOrder() == null
        || configuration.getTopologicalOrderStr() == null) {
      configuration.setTopologicalOrder(null);
      new ComputationGraph(configuration).topologicalSortOrder(); // leaves it in the configuration
    }
    requireOrder(configuration);
  }

  private static void requireOrder(ComputationGraphConfiguration graph) {
    List<String> inputs = graph.getNetworkInputs();
    List<String> order = graph.getTopologicalOrderStr();
    int[] numbers = graph.getTopologicalOrder();
    int count = inputs.size() + graph.getVertices().size();
    require(order.size() == count && numbers.length == count, "an order of other vertices");
    Set<String> before = new HashSet<>();
    Set<Integer> numbered = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String name = order.get(i);
      int number = numbers[i];
      boolean input = number < inputs.size();
      require(
          number >= 0
              && number < count
              && numbered.add(number)
              && (input ? inputs.get(number).equals(name) : graph.getVertices().containsKey(name)),
          "an order of other vertices");
      if (!input) {
        List<String> taken = graph.getVertexInputs().get(name);
        require(!taken.isEmpty() && taken.size() <= MOST_INPUTS, "a vertex of no or many inputs");
        require(before.containsAll(taken), "a vertex before its inputs");
        // DL4J hands over only the first of the same.
        require(new HashSet<>(taken).size() == taken.size(), "a vertex with the same input twice");
      }
      require(before.add(name), "two vertices of the same name");
    }
  }

  private static void require(boolean fits, String found) {
    if (!fits) {
      throw new IllegalArgumentException("graph: has " + found);
    }
  }

  @Override
  public List<NeuralNetConfiguration> layers() {
    List<NeuralNetConfiguration> layers = new ArrayList<>();
    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex layer) {
        layers.add(layer.getLayerConf());
      }
    }
    return layers;
  }

  @Override
  public Layer output() {
    return configuration.getVertices().get(configuration.getNetworkOutputs().get(0))
            instanceof LayerVertex layer
        ? layer.getLayerConf().getLayer()
        : null;
  }

  @Override
  public List<Class<?>> parts() {
    List<Class<?>> parts = new ArrayList<>();
    configuration.getVertices().values().forEach(vertex -> parts.add(vertex.getClass()));
    layers().forEach(layer -> parts.add(layer.getLayer().getClass()));
    return parts;
  }

  @Override
  public Model network(INDArray parameters) {
    configuration.setDataType(parameters.dataType());
    ComputationGraph network = new ComputationGraph(configuration);
    network.init(parameters, false);
    return network;
  }

  @Override
  public Model fresh() {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  @Override
  public String toJson() {
    return configuration.toJson();
  }
}
