package io.arrowmill.batch;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * A number for each row of a column of one batch: rows with the same number have the same value.
 * Who groups by the column looks at one row of each number.
 *
 * <p>Owns its buffer.
 *
 * @param values int32, one a row
 * @param bound every number is at least 0 and less than this
 */
public record RowCodes(ArrowBuf values, int bound) implements AutoCloseable {

  /** Another owner of the same numbers. */
  public RowCodes share() {
    values.getReferenceManager().retain();
    return this;
  }

  /** Closes those that are there. */
  public static void closeAll(@Nullable RowCodes[] codes) {
    for (RowCodes each : codes) {
      if (each != null) {
        each.close();
      }
    }
  }

  /** Address of the numbers. */
  public long address() {
    return values.memoryAddress();
  }

  @Override
  public void close() {
    values.close();
  }
}
