package io.arrowmill.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows of text in columns as wide as needed; the first ones to the left, the rest to the right. */
public final class TextTable {
  private final int leftColumns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param leftColumns how many columns are text rather than numbers
   */
  public TextTable(int leftColumns, String... titles) {
    this.leftColumns = leftColumns;
    rows.add(List.of(titles));
  }

  /** Adds a row with as many cells as there are titles. */
  public void add(String... cells) {
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    List<Integer> widths = new ArrayList<>(Collections.nCopies(rows.getFirst().size(), 3));
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, rows.getFirst(), widths);
    line(text, widths.stream().map("-"::repeat).toList(), widths);
    rows.subList(1, rows.size()).forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells, List<Integer> widths) {
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths.get(i) - cells.get(i).length());
      text.append("| ");
      text.append(i < leftColumns ? cells.get(i) + padding : padding + cells.get(i));
      text.append(' ');
    }
    text.append("|\n");
  }
}
