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
}
