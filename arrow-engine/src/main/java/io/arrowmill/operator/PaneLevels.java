package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

/**
 * The oldest panes of some keys, loaded together: the first of all keys, then the second of all,
 * and so on. Such loads do not wait for each other, as those along one ring do, and what they bring
 * stays in the core's own cache until it is used. Confined to one task.
 */
final class PaneLevels {
  /** So many keys are taken at a time: what is made of their panes fits the first cache, too. */
  static final int KEYS = 64;

  /** So many panes of each key are known; those behind them lead on. */
  static final int DEPTH = 32;

  private final PaneRing ring;
  private final long[] panes = new long[KEYS * DEPTH];

  /** Of each key that goes on: its number, its pane of the level, and the one behind that. */
  private final int[] numbers = new int[KEYS];

  private final long[] current = new long[KEYS];
  private final long[] behind = new long[KEYS];

  PaneLevels(PaneRing ring) {
    this.ring = ring;
  }

  /**
   * Loads the panes of keys up to the first that is after a time.
   *
   * @param keys address of their int64 addresses, at most {@value #KEYS}
   */
  void load(long keys, int count, long bound) {
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
      current[i] = ring.oldest(getLong(keys + 8L * i));
      panes[i * DEPTH] = current[i];
    }
    int left = count;
    for (int level = 1; left > 0; level++) {
      // Nothing but loads, so that as many as can be are under way.
      for (int i = 0; i < left; i++) {
        behind[i] = ring.newer(current[i]);
      }
      left = advance(left, level, bound);
    }
  }

  /** Goes on to the next level; returns how many keys there are on it. */
  private int advance(int count, int level, long bound) {
    int left = 0;
    for (int i = 0; i < count; i++) {
      long pane = current[i];
      long next = behind[i];
      int number = numbers[i];
      if (level < DEPTH) {
        panes[number * DEPTH + level] = next;
      }
      numbers[left] = number;
      current[left] = next;
      left += next == ring.key(pane) || ring.time(pane) > bound ? 0 : 1;
    }
    return left;
  }

  /**
   * The panes of a key, oldest first, and behind them the key; none that is behind the first after
   * the time is known.
   *
   * @param index of the key
   * @param level less than {@value #DEPTH}
   */
  long pane(int index, int level) {
    return panes[index * DEPTH + level];
  }
}
