package io.arrowmill.codegen.table;

/**
 * From a key to build rows. Made once, then read by any thread.
 *
 * <p>A row whose key is null has undefined words and may find anything: the caller masks it.
 */
sealed interface JoinIndex extends AutoCloseable permits DenseJoinIndex, HashJoinIndex {

  /** Whether no key has two build rows. */
  boolean unique();

  /**
   * Whether every row of a slice surely finds a build row; false where that is not cheap to say.
   */
  boolean findsAll(JoinKeys keys, int count);

  /**
   * Writes the build row of each row of a slice as int32, {@link JoinTable#NONE} where there is
   * none. Only of a unique index.
   */
  void rows(JoinKeys keys, int count, JoinScratch scratch, long rowsOut);

  /**
   * Writes where in {@link #rowIds} each row's build rows begin and how many they are, int32 both.
   * Only of an index that is not unique.
   */
  void ranges(JoinKeys keys, int count, JoinScratch scratch, long headsOut, long countsOut);

  /** Address of the build rows' numbers, int32, those of one key together; not if unique. */
  long rowIds();

  /** Off-heap bytes held. */
  long memoryBytes();

  @Override
  void close();
}
