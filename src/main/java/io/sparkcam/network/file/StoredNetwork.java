package io.sparkcam.network.file;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The configuration of a network, in either of DL4J's two forms. */
sealed interface StoredNetwork permits StoredGraph, StoredStack {
  /** In the order in which they are stored. */
  List<NeuralNetConfiguration> layers();

  /** The one that gives the output. */
  Layer output();

  /** The classes of what it is made of. */
  List<Class<?>> parts();

  /**
   * The network itself.
   *
   * @param parameters of all its layers, as many as they need; they become the network's
   */
  Model network(INDArray parameters);

  /** The network with weights from the seed. */
  Model fresh();

  /** As DL4J writes it. */
  String toJson();
}
