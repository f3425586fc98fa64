package io.arrowmill.operator;

import io.arrowmill.analysis.StateBounds.TimeBound;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.join.StoredColumns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One side of a join of two streams.
 *
 * @param input gives the rows; all its columns are kept
 * @param keys columns of the input
 * @param compared columns of the input that, being null, leave the row without a partner; the keys
 *     among them
 * @param passes BOOLEAN column that tells whether the row can have partners at all, or null if each
 *     can
 * @param eventTime the column by which rows come too late, or null
 * @param expiry the column by which kept rows are given up, or null if they never are
 * @param bounds what the watermark means for {@code expiry}; the least holds
 * @param isPreserved whether rows without a partner are part of the result
 */
public record StreamJoinSide(
    PhysicalPlan input,
    List<Attribute> keys,
    List<Attribute> compared,
    @Nullable Attribute passes,
    @Nullable Attribute eventTime,
    @Nullable Attribute expiry,
    List<TimeBound> bounds,
    boolean isPreserved) {

  public StreamJoinSide {
    keys = List.copyOf(keys);
    compared = List.copyOf(compared);
    bounds = List.copyOf(bounds);
  }

  /** What is kept of a row. */
  public StoredColumns stored() {
    return new StoredColumns(
        input.schema(), keys.stream().map(this::position).toList(), position(expiry));
  }

  /** Rows whose {@code expiry} is at most this are given up; {@link Long#MIN_VALUE} for none. */
  long expiryMicros(long watermarkMicros) {
    if (watermarkMicros == Long.MIN_VALUE) {
      return Long.MIN_VALUE;
    }
    return bounds.stream()
        .mapToLong(bound -> bound.micros(watermarkMicros))
        .min()
        .orElse(Long.MIN_VALUE);
  }

  /** Position of a column in the input; {@link StoredColumns#NO_TIME} for null. */
  int position(@Nullable Attribute column) {
    List<Attribute> columns = input.output();
    for (int i = 0; column != null && i < columns.size(); i++) {
      if (columns.get(i).id() == column.id()) {
        return i;
      }
    }
    return StoredColumns.NO_TIME;
  }

  StreamJoinSide withInput(PhysicalPlan other) {
    return new StreamJoinSide(
        other, keys, compared, passes, eventTime, expiry, bounds, isPreserved);
  }
}
