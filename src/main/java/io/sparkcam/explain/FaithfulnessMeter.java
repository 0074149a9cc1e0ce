package io.sparkcam.explain;

import io.sparkcam.cam.ImageMasking;
import io.sparkcam.cam.InsertionDeletionCurve;
import io.sparkcam.cam.LinearImputation;
import io.sparkcam.cam.Peak;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.SeededPermutation;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;

/**
 * Asks the network about images that show what a map explains, for the maps of a batch and their
 * controls; never about more images at a time than a batch has. Belongs to one thread at a time.
 */
public final class FaithfulnessMeter {
  private static final int MAPS = MeasuredMap.values().length;
  private static final int DELETION = InsertionDeletionCurve.POINTS;
  private static final int ROAD = DELETION + InsertionDeletionCurve.POINTS;
  private static final int POINTS = ROAD + LinearImputation.POINTS;

  private final ForwardPass classifier;
  private final ExplanationShape shape;
  private final int batchSize;
  private final FaithfulnessPlan plan;
  private final SeededPermutation order;
  private final MapDrawing drawing;
  private final ImageMasking masking;
  private final LinearImputation imputation;
  private final int imageSize;
  private final float[] images;
  private final float[] masked;
  private final float[] map;

  /** Measures with a classifier that has its parameters, of a network that has a cell grid. */
  public FaithfulnessMeter(
      CamNetwork model, ForwardPass classifier, FaithfulnessPlan plan, int batchSize) {
    this.classifier = classifier;
    this.shape = ExplanationShape.of(model);
    this.batchSize = batchSize;
    this.plan = plan;
    this.order = plan.order();
    this.drawing = new MapDrawing(model, plan.seed());
    this.masking = new ImageMasking(model.channels(), model.height(), model.width());
    this.imputation = new LinearImputation(model.channels(), model.height(), model.width());
    this.imageSize = model.inputSize();
    this.images = new float[batchSize * imageSize];
    this.masked = new float[batchSize * imageSize];
    this.map = new float[shape.pixels()];
  }

  /**
   * Measures the rows of a batch.
   *
   * @param first image of the block that its first row explains
   */
  public void measure(ImageBlock block, int first, ExplanationBatch batch) {
    block.normalise(first, batch.count(), images);
    for (int row = 0; row < batch.count(); row++) {
      drawing.draw(MeasuredMap.CAM, batch, row, map);
      Peak peak = Peak.of(map, 0, shape.height(), shape.width());
      batch.peaks()[row * 2] = peak.x();
      batch.peaks()[row * 2 + 1] = peak.y();
    }
    for (MeasuredMap measured : MeasuredMap.values()) {
      mask(measured, batch);
      for (int row = 0; row < batch.count(); row++) {
        int place = row * MAPS + measured.place();
        if (order.position(batch.ids()[row]) < plan.sample()) {
          drawing.draw(measured, batch, row, map);
          float[] curves = curves(row, batch.ids()[row], batch.predicted()[row]);
          batch.insertionAreas()[place] = InsertionDeletionCurve.area(curves, 0, DELETION);
          batch.deletionAreas()[place] = InsertionDeletionCurve.area(curves, DELETION, ROAD);
          batch.roadAreas()[place] = InsertionDeletionCurve.area(curves, ROAD, POINTS);
        } else {
          batch.insertionAreas()[place] = ExplanationBatch.NONE;
          batch.deletionAreas()[place] = ExplanationBatch.NONE;
          batch.roadAreas()[place] = ExplanationBatch.NONE;
        }
      }
    }
  }

  private void mask(MeasuredMap measured, ExplanationBatch batch) {
    for (int row = 0; row < batch.count(); row++) {
      drawing.draw(measured, batch, row, map);
      masking.explained(map, 0, images, row * imageSize, masked, row * imageSize);
    }
    classifier.classify(masked, batch.count());
    for (int row = 0; row < batch.count(); row++) {
      batch.maskedProbabilities()[row * MAPS + measured.place()] =
          classifier.probabilities()[row * shape.classes() + batch.predicted()[row]];
    }
  }

  /** The insertion curve of a row's map that was drawn, its deletion curve, its ROAD curve. */
  private float[] curves(int row, long id, int predicted) {
    int[] ranking = InsertionDeletionCurve.ranking(map, 0, map.length);
    float[] noise = LinearImputation.noise(imageSize, plan.seed(), id);
    float[] curves = new float[POINTS];
    for (int first = 0; first < curves.length; first += batchSize) {
      int count = Math.min(batchSize, curves.length - first);
      for (int i = 0; i < count; i++) {
        change(row, ranking, noise, first + i, i);
      }
      classifier.classify(masked, count);
      for (int i = 0; i < count; i++) {
        curves[first + i] = classifier.probabilities()[i * shape.classes() + predicted];
      }
    }
    return curves;
  }

  private void change(int row, int[] ranking, float[] noise, int point, int target) {
    int from = row * imageSize;
    int to = target * imageSize;
    if (point < DELETION) {
      int shown = InsertionDeletionCurve.changed(point, ranking.length);
      masking.kept(ranking, shown, images, from, masked, to);
    } else if (point < ROAD) {
      int removed = InsertionDeletionCurve.changed(point - DELETION, ranking.length);
      masking.removed(ranking, removed, images, from, masked, to);
    } else {
      int removed = LinearImputation.removed(point - ROAD, ranking.length);
      imputation.impute(ranking, removed, images, from, noise, masked, to);
    }
  }
}
