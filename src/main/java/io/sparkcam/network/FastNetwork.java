package io.sparkcam.network;

import io.sparkcam.network.layer.ConvolutionTrunk;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A {@link GapCnn} as DL4J network whose convolutions are one {@link ConvolutionTrunk} layer. */
public final class FastNetwork {
  private FastNetwork() {}

  /**
   * The network, sharing no memory with any other; its flattened parameters are interchangeable
   * with the stock network's.
   */
  public static MultiLayerNetwork of(GapCnn model, FastEngine engine, IUpdater updater) {
    Trunk trunk = model.trunk();
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .updater(updater)
            .list()
            .layer(new ConvolutionTrunk(trunk, engine, updater))
            .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(model.classes())
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutional(trunk.height(), trunk.width(), trunk.channels()))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }
}
