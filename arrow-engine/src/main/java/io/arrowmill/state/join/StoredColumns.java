package io.arrowmill.state.join;

import io.arrowmill.types.StructType;
import java.util.List;

/**
 * What one side of a join keeps of its rows.
 *
 * @param schema the columns kept
 * @param keys positions of the join's keys among them; never empty
 * @param time position of the column by which rows are given up, microseconds; {@link #NO_TIME} if
 *     they are kept for ever
 */
public record StoredColumns(StructType schema, List<Integer> keys, int time) {
  /** Rows are never given up. */
  public static final int NO_TIME = -1;

  public StoredColumns {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a join of streams must have keys: " + schema.toDDL());
    }
  }

  int[] keyPositions() {
    return keys.stream().mapToInt(Integer::intValue).toArray();
  }
}
