package io.sparkcam.data.table;

import java.io.Serializable;

/** Consecutive row groups of a file, to be read by one task. */
final class TableSplit implements Serializable {
  private static final long serialVersionUID = 1L;

  final TableFile file;
  final int firstGroup;
  final int groups;

  /** The first row, from 0 in the file. */
  final long firstRow;

  final long rows;

  TableSplit(TableFile file, int firstGroup, int groups, long firstRow, long rows) {
    this.file = file;
    this.firstGroup = firstGroup;
    this.groups = groups;
    this.firstRow = firstRow;
    this.rows = rows;
  }
}
