package io.sparkcam.table;

import io.sparkcam.cam.Box;
import io.sparkcam.explain.ExplanationBatch;
import java.util.List;

/**
 * What a row of the table says of one image's maps.
 *
 * @param id 0-based index in the source
 * @param label true class, or {@link ExplanationBatch#NONE}
 * @param predicted class of the largest logit
 * @param probability of the predicted class
 * @param camLow (C, h, w) row-major: the maps of all classes at feature resolution, raw and signed;
 *     NaN of classes that the table has no map of
 * @param boxes the box of the predicted class's map, or nothing
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record ExplainedRow(
    long id, int label, int predicted, float probability, float[] camLow, List<Box> boxes) {
  public ExplainedRow {
    camLow = camLow.clone();
    boxes = List.copyOf(boxes);
  }

  @Override
  public float[] camLow() {
    return camLow.clone();
  }
}
