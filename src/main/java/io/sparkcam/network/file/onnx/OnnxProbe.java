package io.sparkcam.network.file.onnx;

import io.sparkcam.data.ImageShape;
import io.sparkcam.network.HeadKind;
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
  private final DenseLayer dense;
  private final OnnxSession session;
  private final float[] noise;

  /**
   * @param graph as {@link OnnxTrunk} writes it, with the output beside the features
   * @param outputDims of the output
   * @param dense the same head
   */
  OnnxProbe(
      byte[] graph,
      ImageShape images,
      FeatureShape features,
      DenseLayer dense,
      OnnxHead head,
      String output,
      int[] outputDims) {
    this.images = images;
    this.features = features;
    this.head = head;
    this.output = output;
    this.outputDims = java.util.Arrays.stream(outputDims).asLongStream().toArray();
    this.dense = dense;
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
    float[] logits = dense.logits(batch, given, features);
    float[] expected = activated(batch, logits);
    for (int i = 0; i < found.length; i++) {
      OnnxGraph.require(
          near(found[i], expected[i]),
          "gives %s where the head that was found gives %s",
          found[i],
          expected[i]);
    }
  }

  /** The graph's own output, out of logits that may have one more: of a class without evidence. */
  private float[] activated(int batch, float[] logits) {
    int outputs = head.classes();
    int classes = dense.shape().classes();
    float[] values = new float[batch * outputs];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits[i / outputs * classes + classes - outputs + i % outputs];
    }
    float[] probabilities = new float[values.length];
    switch (head.activation()) {
      case SOFTMAX -> HeadKind.SOFTMAX.probabilities(batch, outputs, values, probabilities);
      case LOG_SOFTMAX -> {
        HeadKind.SOFTMAX.probabilities(batch, outputs, values, probabilities);
        for (int i = 0; i < probabilities.length; i++) {
          probabilities[i] = (float) Math.log(probabilities[i]);
        }
      }
      case SIGMOID -> HeadKind.SIGMOID.probabilities(batch, outputs, values, probabilities);
      case NONE -> {
        return values;
      }
    }
    return probabilities;
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
