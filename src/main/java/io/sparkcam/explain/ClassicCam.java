package io.sparkcam.explain;

import io.sparkcam.cam.ClassActivation;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;

/**
 * The features weighted as the dense layer weighs them (Zhou et al. 2016, {@link ClassActivation}).
 */
final class ClassicCam implements CamMethod {
  @Override
  public boolean addsUp() {
    return true;
  }

  @Override
  public String title() {
    return "class activation maps";
  }

  @Override
  public Maps of(CamNetwork network, ForwardPass classifier, float[] parameters) {
    ClassActivation activation = activation(network, parameters);
    return (images, first, batch, count) ->
        activation.maps(batch.features(), count, batch.camLow());
  }

  static ClassActivation activation(CamNetwork network, float[] parameters) {
    return new ClassActivation(
        network.featureRows(),
        network.featureColumns(),
        network.featureChannels(),
        network.classes(),
        network.denseWeights(parameters),
        network.denseBias(parameters));
  }
}
