package io.sparkcam.network.file.onnx;

import static io.sparkcam.network.file.onnx.OnnxGraph.require;

import io.sparkcam.network.GapHead;
import io.sparkcam.network.HeadKind;
import java.io.Serializable;
import java.util.Optional;

/**
 * What follows the features, as a {@link io.sparkcam.network.CamNetwork} has it.
 *
 * @param parameters weights {@code (classes, K)} or {@code (classes, h, w, K)}, then biases
 */
record DenseLayer(Shape shape, float[] parameters) {

  /**
   * What it computes, without its values.
   *
   * @param flattened whether it has a weight for each cell and channel
   */
  record Shape(int classes, HeadKind kind, boolean flattened) implements Serializable {}

  /**
   * Of the head of a graph. One output z of its own, a sigmoid's or not, becomes two classes with
   * logits 0 and z, whose softmax is the sigmoid of z.
   *
   * @param asked what makes probabilities of logits, where the graph does not say
   * @param last whether the graph has channels last
   */
  static DenseLayer of(
      OnnxHead head, Optional<HeadKind> asked, FeatureShape features, boolean last) {
    int outputs = head.classes();
    int inputs = head.isFlattened() ? features.size() : features.channels();
    float[] weights = head.tail().weights();
    require(
        weights.length == inputs * outputs,
        "averages %d channels, but the dense layer takes %d",
        inputs,
        weights.length / outputs);
    int classes = outputs == 1 ? 2 : outputs;
    int first = classes - outputs;
    float[] parameters = new float[Math.multiplyExact(inputs + 1, classes)];
    for (int i = 0; i < inputs; i++) {
      int from = head.isFlattened() && !last ? channelsFirst(i, features) : i;
      for (int c = 0; c < outputs; c++) {
        parameters[(first + c) * inputs + i] = weights[from * outputs + c];
      }
    }
    System.arraycopy(head.tail().bias(), 0, parameters, inputs * classes + first, outputs);
    HeadKind kind =
        switch (head.activation()) {
          case SIGMOID -> HeadKind.SIGMOID;
          case NONE -> asked.orElse(HeadKind.SOFTMAX);
          default -> HeadKind.SOFTMAX;
        };
    kind = outputs > 1 ? kind : HeadKind.SOFTMAX;
    return new DenseLayer(new Shape(classes, kind, head.isFlattened()), parameters);
  }

  /** Where a value at {@code (y, x, k)} lies among {@code (k, y, x)}. */
  private static int channelsFirst(int i, FeatureShape features) {
    int cells = features.height() * features.width();
    return i % features.channels() * cells + i / features.channels();
  }

  /** Logits of a batch of features {@code (batch, h, w, K)}. */
  float[] logits(int batch, float[] features, FeatureShape featureShape) {
    int classes = shape.classes();
    int channels = shape.flattened() ? featureShape.size() : featureShape.channels();
    int cells = shape.flattened() ? 1 : featureShape.height() * featureShape.width();
    GapHead gap = new GapHead(cells, channels, classes);
    float[] pooled = new float[batch * channels];
    float[] logits = new float[batch * classes];
    gap.pool(batch, features, pooled);
    gap.logits(batch, pooled, parameters, 0, logits);
    return logits;
  }
}
