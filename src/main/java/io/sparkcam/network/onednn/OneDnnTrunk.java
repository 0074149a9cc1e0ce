package io.sparkcam.network.onednn;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.TrunkEngine;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/** {@link TrunkEngine} on oneDNN. Programs are made at the first batch of each size and kept. */
public final class OneDnnTrunk implements TrunkEngine {
  private record Training(ForwardProgram forward, BackwardProgram backward) {}

  private final Trunk trunk;
  private final Layout layout;
  private final Map<Integer, ForwardProgram> inference = new HashMap<>();
  private final Map<Integer, Training> training = new HashMap<>();
  private Training latest;

  public OneDnnTrunk(Trunk trunk, Layout layout) {
    this.trunk = trunk;
    this.layout = layout;
  }

  /**
   * Loads the native library.
   *
   * @throws LinkageError where that cannot be done
   */
  public static void load() {
    Loader.load(dnnl.class);
  }

  @Override
  public void infer(
      int batch, FloatPointer images, FloatPointer parameters, FloatPointer features) {
    inference
        .computeIfAbsent(
            batch, n -> new ForwardProgram(trunk, n, prop_kind.forward_inference, layout))
        .run(images, parameters, features);
  }

  @Override
  public void forward(
      int batch, FloatPointer images, FloatPointer parameters, FloatPointer features) {
    latest = training.computeIfAbsent(batch, this::trainingProgram);
    latest.forward().run(images, parameters, features);
  }

  @Override
  public void backward(FloatPointer featureGradients, FloatPointer gradients) {
    if (latest == null) {
      throw new IllegalStateException("backward before forward");
    }
    latest.backward().run(featureGradients, gradients);
  }

  private Training trainingProgram(int batch) {
    ForwardProgram forward = new ForwardProgram(trunk, batch, prop_kind.forward_training, layout);
    return new Training(forward, new BackwardProgram(forward, layout));
  }

  @Override
  public void close() {
    inference.values().forEach(ForwardProgram::close);
    training.values().forEach(program -> program.forward().close());
    inference.clear();
    training.clear();
    latest = null;
  }
}
