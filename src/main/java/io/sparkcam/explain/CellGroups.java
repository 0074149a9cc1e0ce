package io.sparkcam.explain;

/**
 * The grid of what {@link CellCoalitions} counts as one cell. It is that of the maps where every
 * subset of their cells can be looked at: while 2^cells * classes is at most 10^6. Else rows or
 * columns, whichever are more, are grouped until that holds: group i of n begins at floor(i * size
 * / n).
 *
 * @param rows of groups
 * @param columns of groups
 * @param mapRows h of the maps
 * @param mapColumns w of the maps
 */
public record CellGroups(int rows, int columns, int mapRows, int mapColumns) {
  private static final long MOST = 1_000_000;

  /** The grid for tables of this shape. */
  public static CellGroups of(ExplanationShape shape) {
    int rows = shape.featureHeight();
    int columns = shape.featureWidth();
    while (rows * columns > 1
        && (rows * columns >= Integer.SIZE - 1
            || (long) shape.classes() << (rows * columns) > MOST)) {
      if (rows > columns) {
        rows--;
      } else {
        columns--;
      }
    }
    return new CellGroups(rows, columns, shape.featureHeight(), shape.featureWidth());
  }

  public int count() {
    return rows * columns;
  }

  /** Where a cell of a map belongs to. */
  int group(int cell) {
    int row = ((cell / mapColumns + 1) * rows - 1) / mapRows;
    int column = ((cell % mapColumns + 1) * columns - 1) / mapColumns;
    return row * columns + column;
  }

  /** In words. */
  public String description() {
    return count() == mapRows * mapColumns
        ? "cells of the maps, row-major"
        : "groups of cells, row-major; group i of %s rows begins at floor(i * %s / %s), of %s columns at floor(i * %s / %s)"
            .formatted(rows, mapRows, rows, columns, mapColumns, columns);
  }
}
