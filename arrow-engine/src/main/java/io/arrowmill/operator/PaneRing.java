package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.RowLayout;
import io.arrowmill.codegen.table.ValueKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The panes of a key: rows in a ring, by time, that begins and ends at a row of the key's own.
 *
 * <pre>
 *     +-------+ newer +--------+ newer +--------+ newer +--------+
 *     |  key  | ----> | oldest | ----> |  pane  | ----> | newest | ----> the key
 *     +-------+ &lt;---- +--------+ &lt;---- +--------+ &lt;---- +--------+
 *               older            older            older
 * </pre>
 *
 * <p>A pane is looked for from the one that was found last on, for times mostly go on little by
 * little; keys for which that took long have a {@link PaneIndex}. Each pane also leads to its key.
 * All this is in memory only. Borrows the tables, owns the index.
 */
final class PaneRing implements AutoCloseable {
  /** So many links are behind the aggregates of a pane. */
  static final int LINKS = 3;

  /** After so many steps a pane is looked for in an index of the key's panes. */
  private static final int WALK_MAX = 128;

  /** In place of a pane: it is not near. */
  private static final long FAR = -1;

  // Where a key's row has what.
  private static final int OLDEST_TIME = 0;
  private static final int RECENT = 1;
  private static final int OLDEST = 2;
  private static final int RUN = 3;
  private static final int MARK = 4;
  private static final int RECENT_TIME = 5;

  /** With these, the row of a key of eight bytes is a cache line. */
  private static final int KEY_VALUES = 6;

  private final GroupTable panes;
  private final GroupTable keys;
  private final PaneIndex index;
  private final int timeAt;
  private final int olderAt;
  private final int newerAt;
  private final int keyAt;
  private final int oldestTimeAt;
  private final int recentAt;
  private final int oldestAt;
  private final int runAt;
  private final int markAt;
  private final int recentTimeAt;

  /**
   * The rings of a table.
   *
   * @param panes their last key is the pane
   * @param keys as {@link #keysPlan} says
   * @param calls so many aggregates are before the links of a pane
   */
  PaneRing(GroupTable panes, GroupTable keys, int calls, MemorySource memory) {
    this.panes = panes;
    this.keys = keys;
    this.index = new PaneIndex(memory);
    RowLayout layout = panes.layout();
    timeAt = layout.keyOffset(panes.plan().keys().size() - 1);
    olderAt = layout.state(calls).offset();
    newerAt = layout.state(calls + 1).offset();
    keyAt = layout.state(calls + 2).offset();
    oldestTimeAt = keys.layout().state(OLDEST_TIME).offset();
    recentAt = keys.layout().state(RECENT).offset();
    oldestAt = keys.layout().state(OLDEST).offset();
    runAt = keys.layout().state(RUN).offset();
    markAt = keys.layout().state(MARK).offset();
    recentTimeAt = keys.layout().state(RECENT_TIME).offset();
  }

  /**
   * The table of the keys of panes with the given keys. A key's time is that of its oldest pane.
   */
  static GroupTablePlan keysPlan(List<ValueKind> keysOfPanes) {
    List<AccumulatorPlan> values = new ArrayList<>();
    values.add(Accumulators.storedLong("oldest"));
    values.addAll(Collections.nCopies(KEY_VALUES - 1, Accumulators.link()));
    return GroupTablePlan.timedByState(
        keysOfPanes.subList(0, keysOfPanes.size() - 1), values, OLDEST_TIME);
  }

  /** Off-heap bytes that it holds beside the tables. */
  long memoryBytes() {
    return index.memoryBytes();
  }

  long time(long pane) {
    return getLong(pane + timeAt);
  }

  /** The next pane back in time, or the key. */
  long older(long pane) {
    return getLong(pane + olderAt);
  }

  /** The next pane on in time, or the key. */
  long newer(long pane) {
    return getLong(pane + newerAt);
  }

  long key(long pane) {
    return getLong(pane + keyAt);
  }

  /** The oldest pane of a key. */
  long oldest(long key) {
    return getLong(key + oldestAt);
  }

  /** The pane of a key that was made or found last, or the key if it has none. */
  long recent(long key) {
    long recent = getLong(key + recentAt);
    return recent == 0 ? key : recent;
  }

  /** The run that has touched a pane of the key last. */
  long run(long key) {
    return getLong(key + runAt);
  }

  void run(long key, long run) {
    putLong(key + runAt, run);
  }

  /** What was last said of the key by {@link #mark(long, long)}, or 0. */
  long mark(long key) {
    return getLong(key + markAt);
  }

  /** Notes something of a key, for whoever works with it; 0 again when that is done. */
  void mark(long key, long value) {
    putLong(key + markAt, value);
  }

  /** The last pane of a key at or before a time, or the key. */
  long lastUntil(long key, long time) {
    RowsByTime indexed = index.of(key);
    if (indexed == null) {
      long pane = walkUntil(key, time);
      if (pane != FAR) {
        return pane;
      }
      indexed = index.add(this, key);
    }
    long last = indexed.lastUntil(time);
    return last == 0 ? key : last;
  }

  /** As {@link #lastUntil}, looked for from the recent pane on; {@link #FAR} if it takes long. */
  private long walkUntil(long key, long time) {
    long pane = recent(key);
    if (pane == key) {
      return key;
    }
    int steps = WALK_MAX;
    if (getLong(key + recentTimeAt) > time) {
      do {
        pane = older(pane);
        steps--;
      } while (steps > 0 && pane != key && time(pane) > time);
      return steps > 0 ? pane : FAR;
    }
    long next = newer(pane);
    while (steps > 0 && next != key && time(next) <= time) {
      pane = next;
      next = newer(pane);
      steps--;
    }
    return steps > 0 ? pane : FAR;
  }

  /** Says that a pane of a key has been found. */
  void found(long key, long pane) {
    putLong(key + recentAt, pane);
    putLong(key + recentTimeAt, time(pane));
  }

  /** Makes a pane behind another one, or behind the key. */
  long insert(long key, long before, long time) {
    long pane = panes.addRow(keys, key, time);
    link(key, before, pane);
    return pane;
  }

  /** Puts a pane behind another one, or behind the key. */
  void link(long key, long before, long pane) {
    long behind = before == key ? firstOf(key) : newer(before);
    putLong(pane + keyAt, key);
    putLong(pane + olderAt, before);
    putLong(pane + newerAt, behind);
    if (before == key) {
      putLong(key + oldestAt, pane);
      putLong(key + oldestTimeAt, time(pane));
      keys.timeLowered(key);
    } else {
      putLong(before + newerAt, pane);
    }
    if (behind != key) {
      putLong(behind + olderAt, pane);
    }
    index.insert(key, time(pane), pane);
    found(key, pane);
  }

  private long firstOf(long key) {
    long oldest = oldest(key);
    return oldest == 0 ? key : oldest;
  }

  /** Takes out all panes of a key before one, which is the oldest then. */
  void cut(long key, long oldest) {
    // The recent pane is not looked at: it is often in no cache.
    if (getLong(key + recentTimeAt) < time(oldest)) {
      found(key, oldest);
    }
    putLong(key + oldestAt, oldest);
    putLong(oldest + olderAt, key);
    putLong(key + oldestTimeAt, time(oldest));
    index.cut(key, time(oldest));
  }

  /** Forgets a key whose panes are all removed. */
  void remove(long key) {
    index.remove(key);
  }

  @Override
  public void close() {
    index.close();
  }
}
