package io.sparkcam.network.file.onnx;

import io.sparkcam.dataset.ImageShape;
import io.sparkcam.network.GapHead;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Sees that a graph's own output is what its features and the head that was found give: on images
 * of noise, so that nothing that was misread goes on.
 */
final class OnnxProbe implements AutoCloseable {
  private static final int IMAGES = 2;
  private static final double TOLERANCE = 1e-4;

  private final ImageShape images;
  private final FeatureShape features;
  private final OnnxHead head;
  private final String output;
  private final long[] outputDims;
  private final float[] parameters;
  private final OnnxSession session;
  private final float[] noise;

  /**
   * @param graph as {@link OnnxTrunk} writes it, with the output beside the features
   * @param outputDims of the output
   * @param parameters of the head
   */
  OnnxProbe(
      byte[] graph,
      ImageShape images,
      FeatureShape features,
      OnnxHead head,
      String output,
      int[] outputDims,
      float[] parameters) {
    this.images = images;
    this.features = features;
    this.head = head;
    this.output = output;
    this.outputDims = java.util.Arrays.stream(outputDims).asLongStream().toArray();
    this.parameters = parameters;
    this.session = new OnnxSession(graph);
    this.noise = new float[IMAGES * images.size()];
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat();
    }
  }

  /**
   * Whether several images may be given at once: an exporter may have written a batch of one into
   * the graph without saying so.
   */
  boolean takesSeveral() {
    float[] together;
    try {
      together = features(0, IMAGES);
    } catch (IllegalStateException e) {
      return false;
    }
    float[] alone = features(1, 1);
    for (int i = 0; i < alone.length; i++) {
      if (!near(alone[i], together[together.length - alone.length + i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Compares.
   *
   * @param batch to give at once
   * @throws IllegalArgumentException if the graph computes something else
   */
  void require(int batch) {
    float[] found = new float[batch * head.classes()];
    float[] given = run(0, batch, found);
    GapHead gap =
        new GapHead(features.height() * features.width(), features.channels(), head.classes());
    float[] pooled = new float[batch * features.channels()];
    float[] expected = new float[found.length];
    gap.pool(batch, given, pooled);
    gap.logits(batch, pooled, parameters, 0, expected);
    activate(gap, batch, expected);
    for (int i = 0; i < found.length; i++) {
      OnnxGraph.require(
          near(found[i], expected[i]),
          "gives %s where the head that was found gives %s",
          found[i],
          expected[i]);
    }
  }

  private void activate(GapHead gap, int batch, float[] values) {
    switch (head.activation()) {
      case SOFTMAX -> gap.softmax(batch, values.clone(), values);
      case LOG_SOFTMAX -> {
        gap.softmax(batch, values.clone(), values);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) Math.log(values[i]);
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (1 / (1 + Math.exp(-values[i])));
        }
      }
      case NONE -> {}
    }
  }

  private static boolean near(float a, float b) {
    return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b)) || a == b;
  }

  private float[] features(int first, int count) {
    return run(first, count, new float[count * head.classes()]);
  }

  private float[] run(int first, int count, float[] outputs) {
    FloatBuffer input = OnnxSession.buffer((long) count * images.size());
    for (int i = 0; i < count; i++) {
      input.put(noise, (first + i) % IMAGES * images.size(), images.size());
    }
    FloatBuffer cells = OnnxSession.buffer((long) count * features.size());
    FloatBuffer values = OnnxSession.buffer(outputs.length);
    long[] dims = outputDims.clone();
    dims[0] = count;
    Map<String, OnnxSession.Output> wanted = new HashMap<>();
    wanted.put(
        OnnxTrunk.FEATURES,
        new OnnxSession.Output(
            cells, new long[] {count, features.height(), features.width(), features.channels()}));
    wanted.put(output, new OnnxSession.Output(values, dims));
    session.run(
        input.flip(),
        new long[] {count, images.channels(), images.height(), images.width()},
        wanted);
    values.get(outputs);
    float[] computed = new float[count * features.size()];
    cells.get(computed);
    return computed;
  }

  @Override
  public void close() {
    session.close();
  }
}
