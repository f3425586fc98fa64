package io.arrowmill.plan;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedStar;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads column names as the API takes them: parts with dots between, {@code `...`} around a part
 * that has some.
 */
public final class ColumnNames {
  private ColumnNames() {}

  /** A column, {@code *} or {@code qualifier.*} by name. */
  public static Expression parse(String name) {
    if (Required.given(name, "name of a column").equals("*")) {
      return new UnresolvedStar(List.of());
    }
    if (name.endsWith(".*")) {
      return new UnresolvedStar(parts(name.substring(0, name.length() - 2)));
    }
    return new UnresolvedAttribute(parts(name));
  }

  /**
   * The parts of a name.
   *
   * @throws AnalysisException with condition {@code INVALID_ATTRIBUTE_NAME_SYNTAX} if a part is
   *     empty or a quote is open
   */
  public static List<String> parts(String name) {
    List<String> parts = new ArrayList<>();
    int position = 0;
    while (true) {
      StringBuilder part = new StringBuilder();
      if (position < name.length() && name.charAt(position) == '`') {
        position = quoted(name, position + 1, part);
      } else {
        while (position < name.length() && name.charAt(position) != '.') {
          if (name.charAt(position) == '`') {
            throw error(name);
          }
          part.append(name.charAt(position++));
        }
      }
      if (part.isEmpty()) {
        throw error(name);
      }
      parts.add(part.toString());
      if (position == name.length()) {
        return parts;
      }
      if (name.charAt(position) != '.') {
        throw error(name);
      }
      position++;
    }
  }

  private static int quoted(String name, int start, StringBuilder part) {
    int position = start;
    while (position < name.length()) {
      char c = name.charAt(position++);
      if (c != '`') {
        part.append(c);
      } else if (position < name.length() && name.charAt(position) == '`') {
        part.append('`');
        position++;
      } else {
        return position;
      }
    }
    throw error(name);
  }

  private static AnalysisException error(String name) {
    return new AnalysisException(
        "INVALID_ATTRIBUTE_NAME_SYNTAX",
        "column name must be non-empty parts with dots between: name='"
            + name
            + "'; put ` around a part that holds dots or backquotes, and write a backquote in it"
            + " twice");
  }
}
