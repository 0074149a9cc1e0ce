package io.sparkcam.table;

/** Columns that a table has only if they were asked for; they come after all others. */
public enum ColumnGroup {
  /**
   * How faithful the maps are, beside controls, and where they are strongest (see {@link
   * FaithfulnessColumns}).
   */
  FAITHFULNESS
}
