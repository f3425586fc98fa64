package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;

/**
 * Where emitted lane code has left the values of a node for the rows of a step.
 *
 * @param slot the local of a vector; of type BOOL, of a long with a bit a row
 * @param nulls the local of a long with a bit for every row that is null, or {@link #NEVER}; values
 *     of such rows are undefined. Bits beyond the step's rows are undefined in either long
 */
record LaneValue(PhysicalType type, int slot, int nulls) {

  /** In place of a local of nulls: no row is null. */
  static final int NEVER = -1;

  boolean nullable() {
    return nulls != NEVER;
  }
}
