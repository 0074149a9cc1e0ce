package io.sparkcam.text;

/** Cells in columns, for the terminal. */
public final class PlainTable {
  private PlainTable() {}

  /** A line for each row, each ended: the first column to the left, the others to the right. */
  public static String aligned(String[][] cells) {
    int[] widths = new int[cells[0].length];
    for (String[] row : cells) {
      for (int j = 0; j < row.length; j++) {
        widths[j] = Math.max(widths[j], row[j].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : cells) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < row.length; j++) {
        String blank = " ".repeat(widths[j] - row[j].length());
        line.append(j == 0 ? row[j] + blank : " " + blank + row[j]);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
