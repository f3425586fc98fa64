package io.arrowmill.connectors.file.parquet;

/** Which codes of a dictionary pass a filter. Immutable. */
final class PassingCodes {
  /** So many codes have their answers in one word. */
  private static final int WORD_CODES_MAX = 32;

  private final int[] table;
  private final int word;
  private final int count;

  /**
   * The answers of a filter.
   *
   * @param passes of each entry, then of null
   */
  PassingCodes(boolean[] passes) {
    table = new int[passes.length];
    int bits = 0;
    int passing = 0;
    for (int code = 0; code < passes.length; code++) {
      table[code] = passes[code] ? 1 : 0;
      passing += table[code];
      bits |= code < WORD_CODES_MAX ? table[code] << code : 0;
    }
    word = bits;
    count = passing;
  }

  /** The code that stands for null. */
  int ofNull() {
    return table.length - 1;
  }

  /** 1 for a code that passes, 0 for another one. */
  int[] table() {
    return table;
  }

  /** Whether {@link #word} tells all. */
  boolean isWord() {
    return table.length <= WORD_CODES_MAX;
  }

  /** The same as bits, where there are few codes. */
  int word() {
    return word;
  }

  /** The share of the codes that pass. */
  double share() {
    return (double) count / table.length;
  }
}
