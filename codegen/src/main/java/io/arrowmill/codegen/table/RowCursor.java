package io.arrowmill.codegen.table;

/**
 * How far a walk over a table's rows, changes or removed keys has come; made at the start of each
 * walk.
 */
public final class RowCursor {
  int block;
  int index;

  /** Whether a walk over changes looks at every row, in the order of their addresses. */
  boolean looksAtAll;

  /** Whether it has come to the rows that no key leads to, which are the last. */
  private boolean isLoose;

  /** Goes on to the rows that no key leads to, if it has not yet. */
  void goLoose() {
    if (!isLoose) {
      isLoose = true;
      block = 0;
      index = 0;
    }
  }

  boolean isLoose() {
    return isLoose;
  }
}
