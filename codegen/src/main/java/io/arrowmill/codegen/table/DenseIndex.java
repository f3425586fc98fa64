package io.arrowmill.codegen.table;

/**
 * Row addresses of integer keys that are dense, found by computing where they are: the way past
 * hashing.
 *
 * <p>A key that it covers is in here and not in the {@link Directory}, any other is there and not
 * here; but for rows on their way from one to the other, see {@link GroupIndex}.
 */
interface DenseIndex {
  boolean active();

  /**
   * Writes the row of each key of a slice, 0 where there is no entry or nothing in it.
   *
   * @return 0 if every key has a row
   */
  int read(KeyColumns keys, int count, long rowsOut);

  /**
   * Address of the entry of the slice's row {@code index}, whose keys are not null; 0 if they are
   * not covered.
   *
   * @param isWritten whether it can be written to, which may need memory; else only read
   */
  long entryOf(KeyColumns keys, int index, boolean isWritten);

  /** Address of the entry of a row that is in here; 0 if its keys are not covered. */
  long entryOf(long row);

  /**
   * Covers the keys of a slice's row, too, if they are dense enough together with the others; the
   * directory is empty. The keys are not noticed: they have no row yet.
   *
   * @return whether the keys are covered now
   */
  boolean growTo(KeyColumns keys, int index, long groups);

  /** Number of entries, taken and empty ones. */
  long entries();

  /** Address of an entry by its number; 0 if no row can be there. */
  long entry(long number);

  /** Stops covering any key. */
  void free();
}
