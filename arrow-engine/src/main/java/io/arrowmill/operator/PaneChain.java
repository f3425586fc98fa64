package io.arrowmill.operator;

import java.util.Arrays;

/** Some panes of one key, by their times. Confined to one task. */
final class PaneChain {
  private long[] rows = new long[64];
  private long[] times = new long[64];
  private boolean[] wanted = new boolean[64];
  private int length;

  void clear() {
    length = 0;
  }

  /**
   * Adds a pane behind the others.
   *
   * @param isWanted whether windows that hold it are wanted for it
   */
  void add(long row, long time, boolean isWanted) {
    if (length == rows.length) {
      rows = Arrays.copyOf(rows, 2 * length);
      times = Arrays.copyOf(times, 2 * length);
      wanted = Arrays.copyOf(wanted, 2 * length);
    }
    rows[length] = row;
    times[length] = time;
    wanted[length++] = isWanted;
  }

  int length() {
    return length;
  }

  long row(int index) {
    return rows[index];
  }

  long time(int index) {
    return times[index];
  }

  boolean isWanted(int index) {
    return wanted[index];
  }
}
