package io.sparkcam.cluster;

import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.ForwardPass;
import io.sparkcam.network.HeadKind;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/** How a network does on labelled images. */
public final class TestEvaluation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[][] confusion;
  private double lossSum;

  private TestEvaluation(int classes) {
    confusion = new long[classes][classes];
  }

  /** Classifies every image; what is added up is added in the order of the partitions. */
  public static TestEvaluation of(BroadcastModel.Handle model, JavaRDD<ImageBlock> images) {
    TestEvaluation sum = new TestEvaluation(model.model().classes());
    for (TestEvaluation part : images.mapPartitions(new EvaluatePartition(model)).collect()) {
      sum.add(part);
    }
    return sum;
  }

  /** All counts: a row a label, a column a predicted class. */
  public long[][] counts() {
    return Arrays.stream(confusion).map(long[]::clone).toArray(long[][]::new);
  }

  /** Number of images. */
  public long images() {
    long all = 0;
    for (long[] row : confusion) {
      for (long count : row) {
        all += count;
      }
    }
    return all;
  }

  /** Share of images predicted as labelled. */
  public double accuracy() {
    long correct = 0;
    for (int c = 0; c < confusion.length; c++) {
      correct += confusion[c][c];
    }
    return (double) correct / images();
  }

  /** Mean cross-entropy, in nats. */
  public double loss() {
    return lossSum / images();
  }

  private void add(TestEvaluation other) {
    lossSum += other.lossSum;
    for (int label = 0; label < confusion.length; label++) {
      for (int predicted = 0; predicted < confusion.length; predicted++) {
        confusion[label][predicted] += other.confusion[label][predicted];
      }
    }
  }

  private void add(HeadKind head, ForwardPass classifier, ImageBlock block, int first, int count) {
    int classes = confusion.length;
    for (int n = 0; n < count; n++) {
      int label = block.labels()[first + n];
      confusion[label][classifier.predicted(n)]++;
      lossSum += head.loss(classifier.logits(), n * classes, classes, label);
    }
  }

  private static final class EvaluatePartition
      implements FlatMapFunction<Iterator<ImageBlock>, TestEvaluation> {
    private static final long serialVersionUID = 1L;
    private final BroadcastModel.Handle model;

    EvaluatePartition(BroadcastModel.Handle model) {
      this.model = model;
    }

    @Override
    public Iterator<TestEvaluation> call(Iterator<ImageBlock> blocks) {
      TestEvaluation part = new TestEvaluation(model.model().classes());
      HeadKind head = model.model().headKind();
      model.classify(
          blocks,
          (classifier, block, first, count) -> part.add(head, classifier, block, first, count));
      return List.of(part).iterator();
    }
  }
}
