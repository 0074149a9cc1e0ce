package io.sparkcam.explain;

/** Groups of columns that a table has only if they were asked for; they follow all others. */
public enum OptionalColumns {
  /** What the network says of images that show what a map explains, beside controls. */
  FAITHFULNESS,
  /** Insertion and deletion of cells, by several rankings of them. */
  CELL_FAITHFULNESS,
  /** What each cell contributes to the probability, and the fewest that decide the prediction. */
  SHAPLEY
}
