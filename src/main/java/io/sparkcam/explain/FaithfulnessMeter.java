package io.sparkcam.explain;

import io.sparkcam.cam.ControlMap;
import io.sparkcam.cam.ImageMasking;
import io.sparkcam.cam.InsertionDeletionCurve;
import io.sparkcam.cam.Peak;
import io.sparkcam.cam.Zoom;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.data.SeededPermutation;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import java.util.Arrays;

/**
 * Asks the network about images that show what a map explains, for the maps of a batch and their
 * controls; never about more images at a time than a batch has. Belongs to one thread at a time.
 */
public final class FaithfulnessMeter {
  private static final int MAPS = MeasuredMap.values().length;

  private final ForwardPass classifier;
  private final ExplanationShape shape;
  private final int batchSize;
  private final FaithfulnessPlan plan;
  private final SeededPermutation order;
  private final Zoom zoom;
  private final ImageMasking masking;
  private final float[] centred;
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
    this.zoom = Explainer.alignedZoom(model).orElseThrow();
    this.masking = new ImageMasking(model.channels(), model.height(), model.width());
    this.centred = ControlMap.centred(model.height(), model.width());
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
      draw(MeasuredMap.CAM, batch, row);
      Peak peak = Peak.of(map, 0, shape.height(), shape.width());
      batch.peaks()[row * 2] = peak.x();
      batch.peaks()[row * 2 + 1] = peak.y();
    }
    for (MeasuredMap measured : MeasuredMap.values()) {
      mask(measured, batch);
      for (int row = 0; row < batch.count(); row++) {
        int place = row * MAPS + measured.place();
        if (order.position(batch.ids()[row]) < plan.sample()) {
          draw(measured, batch, row);
          float[] curves = curves(row, batch.predicted()[row]);
          batch.insertionAreas()[place] = InsertionDeletionCurve.area(curves, 0);
          batch.deletionAreas()[place] =
              InsertionDeletionCurve.area(curves, InsertionDeletionCurve.POINTS);
        } else {
          batch.insertionAreas()[place] = ExplanationBatch.NONE;
          batch.deletionAreas()[place] = ExplanationBatch.NONE;
        }
      }
    }
  }

  private void mask(MeasuredMap measured, ExplanationBatch batch) {
    for (int row = 0; row < batch.count(); row++) {
      draw(measured, batch, row);
      masking.explained(map, 0, images, row * imageSize, masked, row * imageSize);
    }
    classifier.classify(masked, batch.count());
    for (int row = 0; row < batch.count(); row++) {
      batch.maskedProbabilities()[row * MAPS + measured.place()] =
          classifier.probabilities()[row * shape.classes() + batch.predicted()[row]];
    }
  }

  /** Leaves a row's map at the size of the image. */
  private void draw(MeasuredMap measured, ExplanationBatch batch, int row) {
    int from = row * shape.maps() + batch.predicted()[row] * shape.cells();
    switch (measured) {
      case CAM -> zoom.zoom(batch.camLow(), from, map, 0);
      case RANDOM -> {
        float[] cells = Arrays.copyOfRange(batch.camLow(), from, from + shape.cells());
        zoom.zoom(ControlMap.shuffled(cells, plan.seed(), batch.ids()[row]), 0, map, 0);
      }
      case CENTRED -> System.arraycopy(centred, 0, map, 0, map.length);
    }
  }

  /** The insertion curve of a row's map that was drawn, then its deletion curve. */
  private float[] curves(int row, int predicted) {
    int[] ranking = InsertionDeletionCurve.ranking(map, 0, map.length);
    float[] curves = new float[2 * InsertionDeletionCurve.POINTS];
    for (int first = 0; first < curves.length; first += batchSize) {
      int count = Math.min(batchSize, curves.length - first);
      for (int i = 0; i < count; i++) {
        change(row, ranking, first + i, i);
      }
      classifier.classify(masked, count);
      for (int i = 0; i < count; i++) {
        curves[first + i] = classifier.probabilities()[i * shape.classes() + predicted];
      }
    }
    return curves;
  }

  private void change(int row, int[] ranking, int point, int target) {
    boolean inserting = point < InsertionDeletionCurve.POINTS;
    int changed =
        InsertionDeletionCurve.changed(
            inserting ? point : point - InsertionDeletionCurve.POINTS, ranking.length);
    if (inserting) {
      masking.kept(ranking, changed, images, row * imageSize, masked, target * imageSize);
    } else {
      masking.removed(ranking, changed, images, row * imageSize, masked, target * imageSize);
    }
  }
}
