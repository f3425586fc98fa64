package io.arrowmill.codegen.runtime;

/** The 26 ASCII letters of one case, and how eight bytes of ASCII text get them in the other. */
public enum LetterCase {
  LOWER('a'),
  UPPER('A');

  /** So far right of a byte's highest bit is the one that tells a letter's case. */
  public static final int BITS_TO_CASE = 2;

  private static final int LETTERS = 26;

  private final long toFirst;
  private final long toBeyond;

  LetterCase(char first) {
    toFirst = TextWords.ONES * (128 - first);
    toBeyond = TextWords.ONES * (128 - first - LETTERS);
  }

  /** Added to a word of bytes below 128, flags those from the first letter on. */
  public long toFirst() {
    return toFirst;
  }

  /** Added to a word of bytes below 128, flags those behind the last letter. */
  public long toBeyond() {
    return toBeyond;
  }

  /** A word of bytes below 128 with these letters in the other case: sums stay in their bytes. */
  long flip(long word) {
    long letters = (word + toFirst) & ~(word + toBeyond) & TextWords.HIGH;
    return word ^ (letters >>> BITS_TO_CASE);
  }
}
