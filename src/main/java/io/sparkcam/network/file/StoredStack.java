package io.sparkcam.network.file;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One layer after the other. */
record StoredStack(MultiLayerConfiguration configuration) implements StoredNetwork {
  @Override
  public List<NeuralNetConfiguration> layers() {
    return configuration.getConfs();
  }

  @Override
  public Layer output() {
    return layers().get(layers().size() - 1).getLayer();
  }

  @Override
  public List<Class<?>> parts() {
    List<Class<?>> parts = new ArrayList<>();
    layers().forEach(layer -> parts.add(layer.getLayer().getClass()));
    return parts;
  }

  @Override
  public Model network(INDArray parameters) {
    configuration.setDataType(parameters.dataType());
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init(parameters, false);
    return network;
  }

  @Override
  public Model fresh() {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  @Override
  public String toJson() {
    return configuration.toJson();
  }
}
