package io.sparkcam.explain;

import java.util.Set;

/** Groups of columns that a table may have or not. */
public enum OptionalColumns {
  /** The last convolution's output. */
  FEATURES,
  /** The predicted class's map at the size of the image, which follows from {@code cam_low}. */
  CAM,
  /** What the network says of images that show what a map explains, beside controls. */
  FAITHFULNESS,
  /** Insertion and deletion of cells, by several rankings of them. */
  CELL_FAITHFULNESS,
  /** Which classes {@code cam_low} has maps of, where it has not those of all. */
  CAM_CLASSES,
  /** What each cell contributes to the probability, and the fewest that decide the prediction. */
  SHAPLEY,
  /** The classes that the network says are there, where several may be. */
  PREDICTED_LABELS,
  /** The classes that are there. */
  LABELS;

  /** Those that a table has where nothing else is said. */
  public static final Set<OptionalColumns> USUAL = Set.of(FEATURES, CAM);
}
