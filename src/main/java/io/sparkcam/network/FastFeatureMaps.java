package io.sparkcam.network;

/** {@link FeatureMaps} on the {@link TrunkEngine}. */
final class FastFeatureMaps implements FeatureMaps {
  private final TrunkEngine engine;

  FastFeatureMaps(GapCnn model, FastEngine engine) {
    this.engine = engine.create(model.trunk(), TrunkEngine.Layout.CHANNELS_LAST);
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
