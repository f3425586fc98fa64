package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Row addresses of integer keys from a dense range, one int64 a key: the way past hashing where
 * keys are small numbers.
 *
 * <p>While it is active it knows every row whose key is not null. It is active while the keys span
 * at most 2^20 numbers and at most eight times as many as there are groups.
 */
final class DirectIndex implements AutoCloseable {
  private static final long SPAN_MIN = 1 << 10;
  private static final long SPAN_MAX = 1 << 20;
  private static final int SPAN_PER_GROUP = 8;

  private final MemorySource memory;
  private final int keyOffset;
  private long keyMin;
  private long keyMax;
  private long base;
  private long span;
  private long address;

  /** Number of groups from which on it pays to look again whether the keys are dense. */
  private long groupsToActivate;

  DirectIndex(MemorySource memory, int keyOffset, boolean possible) {
    this.memory = memory;
    this.keyOffset = keyOffset;
    forget();
    groupsToActivate = possible ? 1 : Long.MAX_VALUE;
  }

  boolean active() {
    return span != 0;
  }

  /** Key that the first entry stands for. */
  long base() {
    return base;
  }

  /** Number of keys covered; 0 while not active. */
  long span() {
    return span;
  }

  /** Address of the entries; an entry is 0 where there is no row. */
  long address() {
    return address;
  }

  long memoryBytes() {
    return span * 8;
  }

  /** Takes notice of a new row; turns itself off if the row's key is too far away. */
  void add(long key, long row, long groups) {
    keyMin = Math.min(keyMin, key);
    keyMax = Math.max(keyMax, key);
    if (span == 0) {
      return;
    }
    if (Long.compareUnsigned(key - base, span) >= 0) {
      long oldBase = base;
      long oldSpan = span;
      long oldAddress = address;
      if (!allocate(groups)) {
        deactivate(groups);
        return;
      }
      copy(oldAddress, address + 8 * (oldBase - base), oldSpan * 8);
      memory.free(oldAddress, oldSpan * 8);
    }
    putLong(address + 8 * (key - base), row);
  }

  void remove(long key) {
    if (span != 0) {
      putLong(address + 8 * (key - base), 0);
    }
  }

  /** Turns itself on if the keys are dense enough by now. */
  void activate(RowPages pages, long nullRow, long groups, long rowScratch, int scratchRows) {
    if (span != 0 || groups < groupsToActivate) {
      return;
    }
    groupsToActivate = 2 * groups;
    if (!allocate(groups)) {
      return;
    }
    RowCursor cursor = new RowCursor();
    int count = pages.next(cursor, rowScratch, scratchRows);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rowScratch + 8L * i);
        if (row != nullRow) {
          putLong(address + 8 * (getLong(row + keyOffset) - base), row);
        }
      }
      count = pages.next(cursor, rowScratch, scratchRows);
    }
  }

  private boolean allocate(long groups) {
    long needed = keyMax - keyMin + 1;
    long allowed = Math.min(SPAN_MAX, Math.max(SPAN_MIN, groups * SPAN_PER_GROUP));
    if (needed <= 0 || needed > allowed) {
      return false;
    }
    // What is covered already stays covered, and the room to spare lies on the side that grows.
    boolean growsDown = span != 0 && keyMin < base;
    long low = span == 0 ? keyMin : Math.min(keyMin, base);
    long high = span == 0 ? keyMax : Math.max(keyMax, base + span - 1);
    long newSpan = Math.max(SPAN_MIN, Long.highestOneBit(2 * (high - low + 1) - 1));
    long newBase = growsDown ? high - newSpan + 1 : low;
    if (newBase > low || newBase + newSpan < newBase) {
      return false;
    }
    long larger = memory.allocate(newSpan * 8);
    zero(larger, newSpan * 8);
    address = larger;
    base = newBase;
    span = newSpan;
    return true;
  }

  private void deactivate(long groups) {
    free();
    groupsToActivate = 2 * groups;
  }

  private void free() {
    if (span != 0) {
      memory.free(address, span * 8);
      span = 0;
      address = 0;
    }
  }

  /** Forgets every row and every key. */
  void clear() {
    free();
    forget();
    if (groupsToActivate != Long.MAX_VALUE) {
      groupsToActivate = 1;
    }
  }

  private void forget() {
    keyMin = Long.MAX_VALUE;
    keyMax = Long.MIN_VALUE;
  }

  @Override
  public void close() {
    free();
  }
}
