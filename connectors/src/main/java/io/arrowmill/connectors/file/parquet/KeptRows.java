package io.arrowmill.connectors.file.parquet;

import io.arrowmill.batch.RecordBatch;
import java.util.Arrays;

/**
 * Which of a batch's rows pass all filters so far: their numbers, in order. Each filter goes
 * through the rows once, step by step from the first to the last. Confined to one thread.
 */
final class KeptRows {
  private static final LaneChoice LANES = new LaneChoice();

  /** Lanes write as many numbers at once. */
  private static final int SLACK = 64;

  private final int[] numbers = new int[RecordBatch.ROWS_MAX + SLACK];
  private int count;

  /** Whether no filter has been there yet: all rows pass, and there are no numbers. */
  private boolean all;

  /** Numbers that the filter at work has looked at, and those that it has kept. */
  private int seen;

  private int kept;

  /** All of {@code rows} rows pass. */
  void startRows(int rows) {
    all = true;
    count = rows;
  }

  void startFilter() {
    seen = 0;
    kept = 0;
  }

  /**
   * Keeps rows whose code passes.
   *
   * @param codes of the {@code rows} rows from {@code first} on
   */
  void filter(int[] codes, PassingCodes passing, int first, int rows) {
    int[] passes = passing.table();
    int done = all ? inLanes(codes, passing, first, rows) : 0;
    int to = kept;
    if (all) {
      for (int i = done; i < rows; i++) {
        numbers[to] = first + i;
        to += passes[codes[i]];
      }
    } else {
      int from = seen;
      int end = end(from, first + rows);
      for (; from < end; from++) {
        int number = numbers[from];
        numbers[to] = number;
        to += passes[codes[number - first]];
      }
      seen = from;
    }
    kept = to;
  }

  /** Filters some of the rows in lanes, if they are of use; returns how many. */
  private int inLanes(int[] codes, PassingCodes passing, int first, int rows) {
    if (LANES.isSettled()) {
      int whole = rows - rows % LaneFiltering.lanes();
      kept = LaneFiltering.filter(codes, passing, first, whole, numbers, kept);
      return whole;
    }
    if (!LANES.tries(rows)) {
      return 0;
    }
    int whole = rows - rows % LaneFiltering.lanes();
    LANES.time(whole, n -> kept = LaneFiltering.filter(codes, passing, first, n, numbers, kept));
    return whole;
  }

  void endFilter() {
    all = false;
    count = kept;
  }

  int count() {
    return count;
  }

  /** The number of a kept row. */
  int number(int index) {
    return numbers[index];
  }

  /** Index, from {@code from} on, of the first number that is not below {@code row}. */
  int end(int from, int row) {
    int found = Arrays.binarySearch(numbers, from, count, row);
    return found < 0 ? -found - 1 : found;
  }
}
