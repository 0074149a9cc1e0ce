package io.sparkcam.table;

import io.sparkcam.cam.Box;
import io.sparkcam.cam.ClassActivation;
import io.sparkcam.cam.Zoom;
import io.sparkcam.explain.ExplanationBatch;
import io.sparkcam.explain.ExplanationShape;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Rows as a network of random weights would give them: every row follows from its id alone and
 * keeps the promises that the table makes.
 */
public final class SampleExplanations {
  /** The lab's network on 28 x 28 images. */
  public static final ExplanationShape LAB = new ExplanationShape(28, 28, 3, 3, 128, 10);

  /** No two sizes alike. */
  public static final ExplanationShape SMALL = new ExplanationShape(9, 7, 3, 2, 5, 4);

  private final ExplanationShape shape;
  private final float[] weights;
  private final float[] bias;
  private final ClassActivation activation;
  private final Zoom zoom;

  public SampleExplanations(ExplanationShape shape) {
    this.shape = shape;
    SplittableRandom random = new SplittableRandom(20260101);
    weights = new float[shape.channels() * shape.classes()];
    bias = new float[shape.classes()];
    fill(weights, 0, weights.length, random);
    fill(bias, 0, bias.length, random);
    activation =
        new ClassActivation(
            shape.featureHeight(),
            shape.featureWidth(),
            shape.channels(),
            shape.classes(),
            weights,
            bias);
    zoom =
        Zoom.cornerAligned(
            shape.featureHeight(), shape.featureWidth(), shape.height(), shape.width(), 2);
  }

  private static void fill(float[] values, int offset, int length, SplittableRandom random) {
    for (int i = offset; i < offset + length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
  }

  /** Rows with ids from {@code first} to without {@code end}. */
  public ExplanationBatch batch(long first, long end) {
    ExplanationBatch batch = new ExplanationBatch(shape, Math.toIntExact(Math.max(1, end - first)));
    fill(batch, first, end);
    return batch;
  }

  void fill(ExplanationBatch batch, long first, long end) {
    batch.fill(Math.toIntExact(end - first));
    for (int row = 0; row < batch.count(); row++) {
      features(batch, row, first + row);
    }
    activation.maps(batch.features(), batch.count(), batch.camLow());
    for (int row = 0; row < batch.count(); row++) {
      explain(batch, row);
    }
  }

  private void features(ExplanationBatch batch, int row, long id) {
    SplittableRandom random = new SplittableRandom(id);
    batch.ids()[row] = id;
    // Some without a label, some without a box, in runs and alone.
    batch.labels()[row] =
        id % 5 == 0 || id % 400 > 300 ? ExplanationBatch.NONE : random.nextInt(shape.classes());
    batch.box(
        row, id % 3 == 0 ? Optional.empty() : Optional.of(new Box(1, 2, 3 + (int) (id % 4), 5)));
    int offset = row * shape.features();
    fill(batch.features(), offset, shape.features(), random);
    for (int i = offset; i < offset + shape.features(); i++) {
      batch.features()[i] = Math.max(0, batch.features()[i]);
    }
  }

  private void explain(ExplanationBatch batch, int row) {
    int classes = shape.classes();
    int predicted = 0;
    for (int c = 0; c < classes; c++) {
      double sum = 0;
      int map = row * shape.maps() + c * shape.cells();
      for (int cell = map; cell < map + shape.cells(); cell++) {
        sum += batch.camLow()[cell];
      }
      batch.logits()[row * classes + c] = (float) (sum / shape.cells() + bias[c]);
      if (batch.logits()[row * classes + c] > batch.logits()[row * classes + predicted]) {
        predicted = c;
      }
    }
    double total = 0;
    for (int c = 0; c < classes; c++) {
      total += Math.exp(batch.logits()[row * classes + c]);
    }
    for (int c = 0; c < classes; c++) {
      batch.probabilities()[row * classes + c] =
          (float) (Math.exp(batch.logits()[row * classes + c]) / total);
    }
    batch.predicted()[row] = predicted;
    batch.probability()[row] = batch.probabilities()[row * classes + predicted];
    zoom.zoom(
        batch.camLow(),
        row * shape.maps() + predicted * shape.cells(),
        batch.cam(),
        row * shape.pixels());
    float[] cam = Arrays.copyOfRange(batch.cam(), row * shape.pixels(), (row + 1) * shape.pixels());
    Arrays.sort(cam);
    batch.camMin()[row] = cam[0];
    batch.camMax()[row] = cam[cam.length - 1];
    batch.auditError()[row] =
        activation.audit(batch.camLow(), row * shape.maps(), batch.logits(), row * classes);
  }
}
