package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;

/**
 * Where the emitted code of a node has left its result.
 *
 * @param type the result's type
 * @param isNull the local that holds 1 for null and 0 otherwise, or {@link #NEVER}; where it is 1
 *     the value is undefined
 * @param slot the local of the value: an int (BOOL as 0 or 1, I8, I16, I32), long, float or double;
 *     the address of BYTES; the low half of DECIMAL
 * @param second the local of the length of BYTES or the high half of DECIMAL, otherwise -1
 */
record Value(PhysicalType type, int isNull, int slot, int second) {

  /** In place of a null local: the value is never null. */
  static final int NEVER = -1;

  boolean nullable() {
    return isNull != NEVER;
  }

  Value withNull(int local) {
    return new Value(type, local, slot, second);
  }
}
