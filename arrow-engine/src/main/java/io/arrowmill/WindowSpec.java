package io.arrowmill;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.plan.WindowFrame.Bound;
import io.arrowmill.plan.WindowFrame.Edge;
import io.arrowmill.plan.WindowFrame.Offset;
import io.arrowmill.plan.WindowFrame.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How rows are parted and sorted for {@link Column#over}, and which of a partition a function takes
 * for each of its rows. Immutable; see {@link Window}.
 *
 * <p>Without a frame a function takes, where there is an order, the rows up to the current one and
 * those of the same value, else the whole partition.
 */
public final class WindowSpec {
  private final WindowDefinition definition;

  WindowSpec(WindowDefinition definition) {
    this.definition = definition;
  }

  WindowDefinition definition() {
    return definition;
  }

  public WindowSpec partitionBy(String column, String... columns) {
    return partitionBy(columns(column, columns));
  }

  /** The same with other partitions. */
  public WindowSpec partitionBy(Column... columns) {
    List<Expression> keys = Arrays.stream(columns).map(Column::expression).toList();
    return new WindowSpec(new WindowDefinition(keys, definition.orderBy(), definition.frame()));
  }

  public WindowSpec orderBy(String column, String... columns) {
    return orderBy(columns(column, columns));
  }

  /** The same with another order. */
  public WindowSpec orderBy(Column... columns) {
    List<SortOrder> orders =
        Arrays.stream(columns)
            .map(column ->
                column.expression() instanceof SortOrder order
                    ? order
                    : new SortOrder(column.expression(), true, true))
            .toList();
    return new WindowSpec(
        new WindowDefinition(definition.partitionBy(), orders, definition.frame()));
  }

  /**
   * The same with a frame of rows: from {@code start} to {@code end} rows behind the current one,
   * both within it; negative numbers are rows before it.
   *
   * @throws AnalysisException if a bound is neither an int nor one of {@link Window}'s
   */
  public WindowSpec rowsBetween(long start, long end) {
    return new WindowSpec(
        definition.withFrame(new WindowFrame(Unit.ROWS, rows("start", start), rows("end", end))));
  }

  /**
   * The same with a frame of values: from {@code start} to {@code end} above the current row's
   * value of the one expression that the window is ordered by.
   */
  public WindowSpec rangeBetween(long start, long end) {
    return new WindowSpec(
        definition.withFrame(
            new WindowFrame(Unit.RANGE, bound(start, (Object) start), bound(end, (Object) end))));
  }

  private static Bound rows(String name, long rows) {
    boolean edge = rows == Window.unboundedPreceding || rows == Window.unboundedFollowing;
    if (!edge && rows != (int) rows) {
      throw new AnalysisException(
          "_LEGACY_ERROR_TEMP_1301",
          "a bound of rows must be an int, Window.unboundedPreceding or"
              + " Window.unboundedFollowing: "
              + name
              + "="
              + rows);
    }
    return bound(rows, (int) rows);
  }

  private static Bound bound(long value, Object amount) {
    if (value == Window.unboundedPreceding) {
      return Edge.UNBOUNDED_PRECEDING;
    }
    if (value == Window.unboundedFollowing) {
      return Edge.UNBOUNDED_FOLLOWING;
    }
    return value == Window.currentRow
        ? Edge.CURRENT_ROW
        : new Offset((Literal) Column.operand(amount), false);
  }

  private static Column[] columns(String column, String... columns) {
    List<Column> all = new ArrayList<>();
    all.add(Functions.col(column));
    Arrays.stream(columns).map(Functions::col).forEach(all::add);
    return all.toArray(Column[]::new);
  }
}
