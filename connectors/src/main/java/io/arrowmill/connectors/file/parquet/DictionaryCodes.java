package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;

/**
 * Looks ahead at the codes of a page's next rows, a step at a time; what reads the page does not
 * notice. Confined to one thread.
 */
final class DictionaryCodes {
  /** Most rows a step. */
  static final int STEP = 2_048;

  private final RunDecoder levels = new RunDecoder();
  private final RunDecoder codes = new RunDecoder();
  private final int[] step = new int[STEP];
  private MemorySegment valid = MemorySegment.NULL;
  private boolean optional;

  /**
   * Starts at the next row of a page of codes.
   *
   * @param optional whether there are levels
   * @param scratch for the levels of a step
   */
  void start(ColumnPages pages, boolean optional, OffHeapBytes scratch) {
    this.optional = optional;
    codes.copyFrom(pages.codes());
    if (optional) {
      levels.copyFrom(pages.levels());
      valid = scratch.ensure(STEP >> 3);
    }
  }

  /**
   * The codes of the next {@code rows} rows.
   *
   * @param ofNull what to give for a null
   * @return valid until the next call
   */
  int[] next(int rows, int ofNull) {
    int dense = optional ? levels.readBits(valid, 0, rows) : rows;
    codes.read(step, 0, dense);
    if (dense < rows) {
      int from = dense;
      for (int row = rows - 1; row >= 0; row--) {
        step[row] = Bits.get(valid, row) ? step[--from] : ofNull;
      }
    }
    return step;
  }
}
