package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Rows of one partition by key, each key's in the order they came: a key's panes are then gone
 * through once, and those that are made together lie together. Owns its memory; confined to one
 * task.
 *
 * <pre>
 *   of each row                        of each key
 *   +-------------+------+------+      +-----+-----------+
 *   | key or pane | time | next |      | key | first row |
 *   +-------------+------+------+      +-----+-----------+
 *    int64         int64  int32         int64 int32
 * </pre>
 */
final class PaneRows implements AutoCloseable {
  /** More rows are taken in several goes. */
  static final int ROWS_MAX = 1 << 16;

  private static final int ROWS_MIN = 1 << 12;

  /** In place of the next row of a key: there is none. */
  static final int NONE = -1;

  private final MemorySource memory;
  private int capacity;
  private long block;
  private long times;
  private long nexts;
  private long keys;
  private long firsts;
  private int size;
  private int keyCount;

  PaneRows(MemorySource memory) {
    this.memory = memory;
  }

  /** Makes room; there must be no rows. */
  void expect(int rows) {
    int wanted = Math.max(ROWS_MIN, Math.min(ROWS_MAX, rows));
    if (wanted <= capacity) {
      return;
    }
    close();
    int rounded = Integer.highestOneBit(wanted - 1) << 1;
    block = memory.allocate(bytes(rounded));
    capacity = rounded;
    times = block + 8L * capacity;
    keys = block + 16L * capacity;
    nexts = block + 24L * capacity;
    firsts = block + 28L * capacity;
  }

  private static long bytes(int rows) {
    return 32L * rows;
  }

  int size() {
    return size;
  }

  /** How many more rows there is room for. */
  int room() {
    return capacity - size;
  }

  int keyCount() {
    return keyCount;
  }

  long key(int index) {
    return getLong(keys + 8L * index);
  }

  /** The first row of a key. */
  int first(int keyIndex) {
    return getInt(firsts + 4L * keyIndex);
  }

  /** The next row of the same key, or {@link #NONE}. */
  int next(int row) {
    return getInt(nexts + 4L * row);
  }

  long time(int row) {
    return getLong(times + 8L * row);
  }

  void pane(int row, long pane) {
    putLong(block + 8L * row, pane);
  }

  /** Address of the int64 keys, and later panes, of the rows from one on. */
  long from(int row) {
    return block + 8L * row;
  }

  /**
   * Takes rows whose keys are written at {@link #from} the end on.
   *
   * @param paneTimes address of the int64 starts of their panes
   */
  void add(PaneRing ring, long paneTimes, int count) {
    for (int i = 0; i < count; i++) {
      int row = size + i;
      putLong(times + 8L * row, getLong(paneTimes + 8L * i));
      putInt(nexts + 4L * row, NONE);
      long key = getLong(block + 8L * row);
      long before = ring.mark(key);
      if (before == 0) {
        putLong(keys + 8L * keyCount, key);
        putInt(firsts + 4L * keyCount++, row);
      } else {
        putInt(nexts + 4L * (before - 1), row);
      }
      ring.mark(key, row + 1L);
    }
    size += count;
  }

  /** Takes all rows out. */
  void clear(PaneRing ring) {
    for (int k = 0; k < keyCount; k++) {
      ring.mark(key(k), 0);
    }
    size = 0;
    keyCount = 0;
  }

  @Override
  public void close() {
    if (capacity > 0) {
      memory.free(block, bytes(capacity));
      capacity = 0;
    }
  }
}
