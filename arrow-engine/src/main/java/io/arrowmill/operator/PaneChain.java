package io.arrowmill.operator;

import java.util.Arrays;

/** Some panes of one key, by their times. Confined to one task. */
final class PaneChain {
  private long key;
  private long[] rows = new long[64];

  /** Behind the panes there is a time that is after all of them. */
  private long[] times = new long[65];

  /** The first wanted pane from each one on, as far as it is known. */
  private int[] wanted = new int[64];

  private int wantedKnown;
  private int length;

  PaneChain() {
    clear(0);
  }

  /** Takes out all panes; those of another key follow. */
  void clear(long nextKey) {
    key = nextKey;
    length = 0;
    wantedKnown = 0;
    times[0] = Long.MAX_VALUE;
  }

  /**
   * Adds a pane behind the others.
   *
   * @param isWanted whether windows that hold it are wanted for it
   */
  void add(long row, long time, boolean isWanted) {
    if (length == rows.length) {
      rows = Arrays.copyOf(rows, 2 * length);
      times = Arrays.copyOf(times, 2 * length + 1);
      wanted = Arrays.copyOf(wanted, 2 * length);
    }
    rows[length] = row;
    times[length] = time;
    if (isWanted) {
      while (wantedKnown <= length) {
        wanted[wantedKnown++] = length;
      }
    }
    times[++length] = Long.MAX_VALUE;
  }

  /** The row of the key. */
  long key() {
    return key;
  }

  int length() {
    return length;
  }

  long row(int index) {
    return rows[index];
  }

  /** The time of a pane; {@link Long#MAX_VALUE} behind the last one. */
  long time(int index) {
    return times[index];
  }

  /** The first wanted pane at an index or behind it; {@link #length} if there is none. */
  int wanted(int from) {
    return from < wantedKnown ? wanted[from] : length;
  }
}
