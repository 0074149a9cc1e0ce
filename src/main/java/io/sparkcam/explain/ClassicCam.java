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
    return (images, first, batch, count) -> {
      ExplanationShape shape = batch.shape();
      if (shape.mapsAll()) {
        activation.maps(batch.features(), count, batch.camLow());
        return;
      }
      for (int map = 0; map < count * shape.mapped(); map++) {
        int features = map / shape.mapped() * shape.features();
        activation.map(
            batch.features(),
            features,
            batch.camClasses()[map],
            batch.camLow(),
            map * shape.cells());
      }
    };
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
