package io.sparkcam.network;

import io.sparkcam.network.onednn.OneDnnTrunk;
import org.bytedeco.javacpp.FloatPointer;

/** {@link FeatureMaps} on the {@link TrunkEngine}. */
final class FastFeatureMaps implements FeatureMaps {
  private final Trunk trunk;
  private final TrunkEngine engine;
  private final FloatPointer parameters;
  private FloatPointer nativeImages = new FloatPointer();
  private FloatPointer nativeFeatures = new FloatPointer();
  private int capacity;

  FastFeatureMaps(GapCnn model) {
    this.trunk = model.trunk();
    this.engine = new OneDnnTrunk(trunk, TrunkEngine.Layout.CHANNELS_LAST);
    this.parameters = new FloatPointer((long) trunk.parameterCount());
  }

  @Override
  public void load(float[] values) {
    parameters.put(values, 0, trunk.parameterCount());
  }

  @Override
  public void compute(int batch, float[] images, float[] features) {
    if (capacity < batch) {
      nativeImages.deallocate();
      nativeFeatures.deallocate();
      nativeImages = new FloatPointer((long) batch * trunk.inputSize());
      nativeFeatures = new FloatPointer((long) batch * trunk.featureSize());
      capacity = batch;
    }
    nativeImages.put(images, 0, batch * trunk.inputSize());
    engine.infer(batch, nativeImages, parameters, nativeFeatures);
    nativeFeatures.get(features, 0, batch * trunk.featureSize());
  }

  @Override
  public void close() {
    engine.close();
    nativeImages.deallocate();
    nativeFeatures.deallocate();
    parameters.deallocate();
  }
}
