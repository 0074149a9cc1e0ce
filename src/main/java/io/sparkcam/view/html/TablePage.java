package io.sparkcam.view.html;

import java.util.List;

/**
 * A page of one table.
 *
 * @param lead what it shows, in a sentence or two
 * @param facts above the table
 * @param columns their headings
 * @param rows as many cells each
 */
public record TablePage(
    String title,
    String lead,
    List<RunReport.Fact> facts,
    List<String> columns,
    List<List<Cell>> rows) {
  /** Text, and where it leads; empty for nowhere. */
  public record Cell(String text, String link) {
    public static Cell of(Object text) {
      return new Cell(String.valueOf(text), "");
    }
  }

  public TablePage {
    facts = List.copyOf(facts);
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }
}
