package io.arrowmill.benchmarks.kernels;

import java.util.Arrays;
import java.util.List;

/**
 * A column of a query's result.
 *
 * @param type in DuckDB, to which both engines' values are cast before they are compared
 */
record ResultColumn(String name, String type) {
  /** Columns of a text such as {@code k:BIGINT n:BIGINT}. */
  static List<ResultColumn> parse(String text) {
    return Arrays.stream(text.split(" ", -1))
        .map(column -> column.split(":", 2))
        .map(parts -> new ResultColumn(parts[0], parts[1]))
        .toList();
  }

  /** The value in the type that is compared. */
  String compared() {
    return name + "::" + type + " AS " + name;
  }

  /** An aggregate that looks at every value and costs DuckDB least. */
  String consumed() {
    return type.equals("VARCHAR") ? "max(strlen(" + name + "))" : "max(" + name + ")";
  }
}
