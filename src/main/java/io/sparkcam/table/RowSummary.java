package io.sparkcam.table;

import io.sparkcam.explain.ExplanationBatch;

/**
 * The numbers of a row, without its arrays.
 *
 * @param id 0-based index in the source
 * @param label true class, or {@link ExplanationBatch#NONE}
 * @param predicted class of the largest logit
 * @param probability of the predicted class
 * @param camMin least value of the predicted class's map
 * @param camMax its greatest value
 * @param auditError how far the maps are from adding up to the logits, or {@link
 *     ExplanationBatch#NONE} where they do not
 */
public record RowSummary(
    long id,
    int label,
    int predicted,
    float probability,
    float camMin,
    float camMax,
    float auditError) {

  /** Whether every number is one. */
  public boolean finite() {
    return Float.isFinite(probability)
        && Float.isFinite(camMin)
        && Float.isFinite(camMax)
        && Float.isFinite(auditError);
  }

  /** Whether the map has the same value everywhere, and so says nothing of where. */
  public boolean flat() {
    return camMin == camMax;
  }

  public boolean labelled() {
    return label != ExplanationBatch.NONE;
  }

  /** Whether the true class is known and was predicted. */
  public boolean hit() {
    return label == predicted;
  }
}
