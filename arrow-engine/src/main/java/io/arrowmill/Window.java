package io.arrowmill;

import io.arrowmill.plan.WindowDefinition;
import java.util.List;

/**
 * Begins a {@link WindowSpec}, which {@link Column#over} takes:
 *
 * <pre>{@code
 * WindowSpec newest = Window.partitionBy("device").orderBy(col("ts").desc());
 * readings.select(col("device"), row_number().over(newest).as("n"));
 * }</pre>
 */
public final class Window {
  private static final WindowSpec EVERYTHING =
      new WindowSpec(new WindowDefinition(List.of(), List.of(), null));

  private Window() {}

  /** The bound before which there is no row, for {@link #rowsBetween} and {@link #rangeBetween}. */
  public static final long unboundedPreceding = Long.MIN_VALUE;

  /** The bound behind which there is no row. */
  public static final long unboundedFollowing = Long.MAX_VALUE;

  /** The current row; in a range, all rows of its value. */
  public static final long currentRow = 0;

  public static WindowSpec partitionBy(String column, String... columns) {
    return EVERYTHING.partitionBy(column, columns);
  }

  public static WindowSpec partitionBy(Column... columns) {
    return EVERYTHING.partitionBy(columns);
  }

  public static WindowSpec orderBy(String column, String... columns) {
    return EVERYTHING.orderBy(column, columns);
  }

  public static WindowSpec orderBy(Column... columns) {
    return EVERYTHING.orderBy(columns);
  }

  /** All rows, with a frame as {@link WindowSpec#rowsBetween}. */
  public static WindowSpec rowsBetween(long start, long end) {
    return EVERYTHING.rowsBetween(start, end);
  }

  /** All rows, with a frame as {@link WindowSpec#rangeBetween}. */
  public static WindowSpec rangeBetween(long start, long end) {
    return EVERYTHING.rangeBetween(start, end);
  }
}
