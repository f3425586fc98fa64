package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.util.List;

/** One call on a data frame; expressions are SQL text, which both engines read. */
sealed interface Step {

  record Select(List<String> expressions) implements Step {}

  record Where(String condition) implements Step {}

  record WithColumn(String name, String expression) implements Step {}

  record Drop(String name) implements Step {}

  record Rename(String existing, String renamed) implements Step {}

  record Alias(String name) implements Step {}

  /** The rows so far, and those of them again that meet a condition. */
  record UnionOfItself(String condition) implements Step {}

  /** Two selections of the rows so far, united by position: types widen. */
  record UnionOfSelects(List<String> first, List<String> second) implements Step {}

  /**
   * The rows so far, and those of them again that meet a condition, each with a watermark of its
   * own: where no row meets the condition, that one stays behind.
   */
  record UnionOfWatermarks(String column, String delay, String condition) implements Step {}

  record Watermark(String column, String delay) implements Step {}

  record Group(List<String> keys, List<String> aggregates) implements Step {}

  /** Sorts by columns, each ascending or descending. */
  record Sort(List<String> columns, boolean ascending) implements Step {}

  /** The rows so far, and those of the second stream after steps of its own. */
  record UnionOfOther(List<Step> steps) implements Step {}

  /** The rows so far joined with those of the second stream after steps of its own. */
  record JoinWithOther(List<Step> steps, String condition, String type) implements Step {}

  /** The rows so far joined with those of a table, or a table joined with them. */
  record JoinWithTable(
      StructType schema, List<Row> rows, String condition, String type, boolean tableFirst)
      implements Step {}

  /** Each combination of the columns once, of all columns if none are named. */
  record DropDuplicates(List<String> columns, boolean withinWatermark) implements Step {}

  record Limit(int count) implements Step {}

  /** Metrics of the rows that pass, named aggregates. */
  record Observe(String name, List<String> metrics) implements Step {}

  /** Groups the rows by {@code k1} and calls a state function. */
  record CallStateFunction(StateRule rule) implements Step {}

  /** Groups the rows by {@code k1} and calls a stateful processor. */
  record CallProcessor(ProcessorRule rule) implements Step {}
}
