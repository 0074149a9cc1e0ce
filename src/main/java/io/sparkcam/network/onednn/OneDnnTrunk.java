package io.sparkcam.network.onednn;

import io.sparkcam.network.Trunk;
import io.sparkcam.network.TrunkEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
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
  private final FloatPointer parameters;
  private final FloatPointer gradients;
  private Batch inferred;
  private Batch trained;
  private Training latest;

  public OneDnnTrunk(Trunk trunk, Layout layout) {
    this.trunk = trunk;
    this.layout = layout;
    this.parameters = new FloatPointer((long) trunk.parameterCount());
    this.gradients = new FloatPointer((long) trunk.parameterCount());
    this.inferred = new Batch(0);
    this.trained = new Batch(0);
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
  public int[] order() {
    return IntStream.range(0, trunk.parameterCount()).toArray();
  }

  @Override
  public void load(float[] values) {
    parameters.put(values, 0, trunk.parameterCount());
  }

  /** Native memory for up to {@code capacity} images. */
  private final class Batch {
    final int capacity;
    final FloatPointer images;
    final FloatPointer features;

    Batch(int capacity) {
      this.capacity = capacity;
      this.images = new FloatPointer((long) capacity * trunk.inputSize());
      this.features = new FloatPointer((long) capacity * trunk.featureSize());
    }

    /** Itself, or a larger one in its place. */
    Batch with(int batch) {
      if (batch <= capacity) {
        return this;
      }
      free();
      return new Batch(batch);
    }

    void run(ForwardProgram program, float[] imageValues, float[] featureValues) {
      images.put(imageValues, 0, program.batch * trunk.inputSize());
      program.run(images, parameters, features);
      features.get(featureValues, 0, program.batch * trunk.featureSize());
    }

    void free() {
      images.deallocate();
      features.deallocate();
    }
  }

  @Override
  public void infer(int batch, float[] images, float[] features) {
    ForwardProgram program =
        inference.computeIfAbsent(
            batch, n -> new ForwardProgram(trunk, n, prop_kind.forward_inference, layout));
    inferred = inferred.with(batch);
    inferred.run(program, images, features);
  }

  @Override
  public void forward(int batch, float[] images, float[] features) {
    latest = training.computeIfAbsent(batch, this::trainingProgram);
    trained = trained.with(batch);
    trained.run(latest.forward(), images, features);
  }

  @Override
  public void backward(float[] featureGradients, float[] gradientValues) {
    if (latest == null) {
      throw new IllegalStateException("backward before forward");
    }
    trained.features.put(featureGradients, 0, latest.forward().batch * trunk.featureSize());
    latest.backward().run(trained.features, gradients);
    gradients.get(gradientValues, 0, trunk.parameterCount());
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
    inferred.free();
    trained.free();
    parameters.deallocate();
    gradients.deallocate();
  }
}
