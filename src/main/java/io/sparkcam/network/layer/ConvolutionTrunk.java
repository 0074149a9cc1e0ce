package io.sparkcam.network.layer;

import io.sparkcam.network.FastEngine;
import io.sparkcam.network.Trunk;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * DL4J layer configuration: a whole {@link Trunk} in one layer. Its part of the flattened parameter
 * vector is the one the stock convolution layers would have, so parameters and updater state move
 * freely between the two networks. It lives in memory only: what is saved is always the stock
 * network.
 */
public final class ConvolutionTrunk extends BaseLayer {
  private static final long serialVersionUID = 1L;

  private final transient Trunk trunk;
  private final transient FastEngine engine;

  public ConvolutionTrunk(Trunk trunk, FastEngine engine, IUpdater updater) {
    this.trunk = trunk;
    this.engine = engine;
    this.layerName = "trunk";
    this.iUpdater = updater;
    this.regularization = List.of();
    this.regularizationBias = List.of();
  }

  /** The convolutions this layer stands for. */
  public Trunk trunk() {
    return trunk;
  }

  /** What computes them. */
  FastEngine engine() {
    return engine;
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameterView,
      boolean initializeParameters,
      DataType networkDataType) {
    ConvolutionTrunkLayer layer = new ConvolutionTrunkLayer(conf, networkDataType);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(parameterView);
    layer.setParamTable(initializer().init(conf, parameterView, initializeParameters));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return ConvolutionTrunkParameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.convolutional(
        trunk.featureRows(), trunk.featureColumns(), trunk.featureChannels());
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    // The trunk knows its own shape.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String parameterName) {
    return List.of();
  }

  @Override
  public boolean isPretrainParam(String parameterName) {
    return false;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    return new LayerMemoryReport.Builder(
            getLayerName(), ConvolutionTrunk.class, inputType, getOutputType(0, inputType))
        .standardMemory(trunk.parameterCount(), getIUpdater().stateSize(trunk.parameterCount()))
        .workingMemory(0, 0, MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }
}
