package io.arrowmill.batch;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
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

  /** A column with more values than this is not worth numbering. */
  public static final int BOUND_MAX = 4_096;

  /** Nor is one with fewer rows than this to a value. */
  public static final int ROWS_PER_VALUE_MIN = 4;

  /** Whether a batch's column with so many different values is worth numbering. */
  public static boolean pays(int bound, int rows) {
    return bound <= BOUND_MAX && bound <= rows / ROWS_PER_VALUE_MIN;
  }

  /** Another owner of the same numbers. */
  public RowCodes share() {
    values.getReferenceManager().retain();
    return this;
  }

  /** An owner of the numbers of some rows; the buffer is shared. */
  RowCodes slice(int start, int count, BufferAllocator allocator) {
    ArrowBuf rows = values.slice(4L * start, 4L * count);
    return new RowCodes(values.getReferenceManager().retain(rows, allocator), bound);
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
