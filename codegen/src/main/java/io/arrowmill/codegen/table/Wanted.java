package io.arrowmill.codegen.table;

/** Which rows are wanted of a slice of keys; for the keys of others 0 is written. */
enum Wanted {
  /** Those that are there. */
  KNOWN,

  /** All: rows that are not there are made. All count as touched. */
  TOUCHED,

  /** All: rows that are not there are made, and only those count as touched. */
  PLACED,

  /** Those that are made, for the first of equal keys; only they count as touched. */
  NEW;

  boolean makes() {
    return this != KNOWN;
  }
}
