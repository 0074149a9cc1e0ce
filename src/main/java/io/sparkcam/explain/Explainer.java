package io.sparkcam.explain;

import io.sparkcam.cam.Box;
import io.sparkcam.cam.BoxFinder;
import io.sparkcam.cam.ClassActivation;
import io.sparkcam.cam.Zoom;
import io.sparkcam.data.ImageBlock;
import io.sparkcam.network.CamNetwork;
import io.sparkcam.network.ForwardPass;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns images into rows: one forward pass, the maps of every class at feature resolution, the
 * predicted class's map zoomed, its box, the audit. Belongs to one thread at a time.
 */
public final class Explainer {
  /** The lab's spline order: {@code scipy.ndimage.zoom(..., order=2)}. */
  private static final int ORDER = 2;

  private final ExplanationShape shape;
  private final ForwardPass classifier;
  private final CamMethod.Maps maps;

  /** Tells how far maps are from adding up to logits, where they do. */
  private final Optional<ClassActivation> head;

  private final Zoom zoom;
  private final Optional<Zoom> alignedZoom;
  private final BoxFinder boxes;
  private final float[] aligned;

  /**
   * Explains with a classifier that has its parameters.
   *
   * @param method makes the maps
   * @param parameters the same, flattened in DL4J's order
   */
  public Explainer(CamMethod method, CamNetwork model, ForwardPass classifier, float[] parameters) {
    this.shape = ExplanationShape.of(model);
    this.classifier = classifier;
    this.maps = method.of(model, classifier, parameters);
    this.head =
        method.addsUp() ? Optional.of(ClassicCam.activation(model, parameters)) : Optional.empty();
    this.zoom = zoom(shape);
    this.alignedZoom = alignedZoom(model);
    this.boxes = new BoxFinder(shape.height(), shape.width());
    this.aligned = new float[shape.pixels()];
  }

  /** From a table's {@code cam_low} to its {@code cam}: corner on corner, as the lab draws it. */
  public static Zoom zoom(ExplanationShape shape) {
    return Zoom.cornerAligned(
        shape.featureHeight(), shape.featureWidth(), shape.height(), shape.width(), ORDER);
  }

  /**
   * Draws each cell of a table's {@code cam_low} where the network saw it; empty where cells look
   * at several places.
   */
  public static Optional<Zoom> alignedZoom(CamNetwork model) {
    return model
        .cellGrid()
        .map(
            grid ->
                Zoom.receptiveFieldAligned(
                    model.featureRows(),
                    model.featureColumns(),
                    model.height(),
                    model.width(),
                    grid.rows().offset(),
                    grid.rows().stride(),
                    grid.columns().offset(),
                    grid.columns().stride()));
  }

  /**
   * Explains {@code count} images of a block, from {@code first} on, into the rows of {@code
   * batch}.
   */
  public void explain(ImageBlock block, int first, int count, ExplanationBatch batch) {
    classifier.classify(block, first, count);
    System.arraycopy(block.ids(), first, batch.ids(), 0, count);
    batch.label(block.labels(), first, count);
    System.arraycopy(classifier.features(), 0, batch.features(), 0, count * shape.features());
    System.arraycopy(classifier.logits(), 0, batch.logits(), 0, count * shape.classes());
    System.arraycopy(
        classifier.probabilities(), 0, batch.probabilities(), 0, count * shape.classes());
    for (int row = 0; row < count; row++) {
      batch.predicted()[row] = classifier.predicted(row);
      int[] mapped = batch.shape().mappedClasses(batch.logits(), row * shape.classes());
      System.arraycopy(mapped, 0, batch.camClasses(), row * mapped.length, mapped.length);
    }
    maps.compute(block, first, batch, count);
    for (int row = 0; row < count; row++) {
      explainRow(row, batch);
    }
    batch.fill(count);
  }

  private void explainRow(int row, ExplanationBatch batch) {
    int predicted = batch.predicted()[row];
    ExplanationShape rows = batch.shape();
    int low = row * rows.maps() + rows.predictedMap(predicted);
    int full = row * shape.pixels();
    batch.probability()[row] = batch.probabilities()[row * shape.classes() + predicted];
    zoom.zoom(batch.camLow(), low, batch.cam(), full);
    float min = batch.cam()[full];
    float max = min;
    for (int i = full + 1; i < full + shape.pixels(); i++) {
      min = Math.min(min, batch.cam()[i]);
      max = Math.max(max, batch.cam()[i]);
    }
    batch.camMin()[row] = min;
    batch.camMax()[row] = max;
    batch.box(row, alignedZoom.flatMap(aligning -> box(aligning, batch.camLow(), low)));
    batch.auditError()[row] =
        head.isEmpty()
            ? ExplanationBatch.NONE
            : head.get()
                .audit(
                    batch.camLow(),
                    row * rows.maps(),
                    batch.logits(),
                    row * shape.classes(),
                    Arrays.copyOfRange(
                        batch.camClasses(), row * rows.mapped(), (row + 1) * rows.mapped()));
  }

  private Optional<Box> box(Zoom aligning, float[] maps, int offset) {
    aligning.zoom(maps, offset, aligned, 0);
    return boxes.largest(aligned, 0);
  }
}
