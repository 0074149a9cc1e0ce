package io.sparkcam.network.engine;

import io.sparkcam.network.FeatureMaps;
import io.sparkcam.network.Trunk;
import io.sparkcam.network.engine.winograd.WinogradTrunk;

/** {@link FeatureMaps} on the {@link WinogradTrunk}. */
final class FastFeatureMaps implements FeatureMaps {
  private final WinogradTrunk engine;

  FastFeatureMaps(Trunk trunk) {
    this.engine = new WinogradTrunk(trunk);
  }

  @Override
  public void load(float[] parameters) {
    engine.load(new ParameterOrder(engine).toEngine(parameters));
  }

  @Override
  public void compute(int batch, float[] images, float[] features) {
    engine.infer(batch, images, features);
  }

  @Override
  public void close() {
    engine.close();
  }
}
