package io.arrowmill.codegen.runtime;

/** The hash of a word of eight bytes: multiply and fold, twice. */
public final class WordHash {
  /** What the word, mixed with the state before it, is multiplied by. */
  public static final long FIRST_FACTOR = 0x9E3779B97F4A7C15L;

  /** What the folded product is multiplied by. */
  public static final long SECOND_FACTOR = 0xD6E8FEB86659FD93L;

  /** Folding adds the upper half of a word to the lower. */
  public static final int FOLD_BITS = 32;

  private WordHash() {}

  /** Adds a word to a state. */
  public static long combine(long state, long word) {
    long h = (state ^ word) * FIRST_FACTOR;
    h = (h ^ (h >>> FOLD_BITS)) * SECOND_FACTOR;
    return h ^ (h >>> FOLD_BITS);
  }
}
