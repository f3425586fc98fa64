package io.arrowmill.batch;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows as a table of text with {@code +---+} borders, as {@code show()} and the console sink print
 * it.
 */
public final class ResultTable {
  private static final int WIDTH_MIN = 3;

  /** Characters that take two columns of a terminal. */
  private static final Pattern FULL_WIDTH =
      Pattern.compile(
          "[\\u1100-\\u115F\\u2E80-\\uA4CF\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE6F"
              + "\\uFF00-\\uFF60\\uFFE0-\\uFFE6]");

  private ResultTable() {}

  /** The table with timestamps in UTC; see {@link #format(List, StructType, int, ZoneId)}. */
  public static String format(List<Row> rows, StructType schema, int truncate) {
    return format(rows, schema, truncate, ZoneOffset.UTC);
  }

  /**
   * The table of {@code rows}, each line ended by a line feed.
   *
   * @param truncate characters a cell shows at most, cells being aligned right; 0 shows all of
   *     them, aligned left
   * @param zone the time zone in which timestamps are shown
   */
  public static String format(List<Row> rows, StructType schema, int truncate, ZoneId zone) {
    List<String[]> lines = new ArrayList<>(rows.size() + 1);
    lines.add(Arrays.stream(schema.fieldNames()).map(ResultTable::escape).toArray(String[]::new));
    for (Row row : rows) {
      String[] cells = new String[schema.size()];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = shorten(escape(ValueText.show(row.get(i), zone)), truncate);
      }
      lines.add(cells);
    }
    int[] widths = new int[schema.size()];
    Arrays.fill(widths, WIDTH_MIN);
    for (String[] cells : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(cells[i]));
      }
    }
    return draw(lines, widths, truncate > 0);
  }

  private static String draw(List<String[]> lines, int[] widths, boolean alignRight) {
    StringBuilder border = new StringBuilder("+");
    for (int width : widths) {
      border.repeat('-', width).append('+');
    }
    border.append('\n');
    StringBuilder out = new StringBuilder(border);
    for (int line = 0; line < lines.size(); line++) {
      String[] cells = lines.get(line);
      out.append('|');
      for (int i = 0; i < widths.length; i++) {
        int padding = widths[i] - width(cells[i]);
        out.repeat(' ', alignRight ? padding : 0).append(cells[i]);
        out.repeat(' ', alignRight ? 0 : padding).append('|');
      }
      out.append('\n');
      if (line == 0) {
        out.append(border);
      }
    }
    return out.append(border).toString();
  }

  private static int width(String text) {
    return text.length() + (int) FULL_WIDTH.matcher(text).results().count();
  }

  private static String shorten(String text, int truncate) {
    if (truncate <= 0 || text.length() <= truncate) {
      return text;
    }
    return truncate < 4 ? text.substring(0, truncate) : text.substring(0, truncate - 3) + "...";
  }

  private static String escape(String text) {
    return text.replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replace("\f", "\\f")
        .replace("\b", "\\b")
        .replace("\u000B", "\\v")
        .replace("\u0007", "\\a");
  }
}
