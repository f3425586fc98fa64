package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;

/**
 * Brings the panes of each key together: a row of the keys leads to the first, each pane to the
 * next.
 *
 * @param keys takes one row a key, its pane 0; of the same plan as the panes' table
 * @param link bytes from a row's start to the address of the next
 */
record PaneChains(GroupTable keys, int link, MemorySource memory) {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** Puts every pane of a table into the chain of its key. */
  void add(GroupTable panes) {
    long block = memory.allocate(24L * SLICE);
    try {
      long found = block + 8L * SLICE;
      long zeros = block + 16L * SLICE;
      zero(zeros, 8L * SLICE);
      RowCursor cursor = new RowCursor();
      for (int count = panes.nextRows(cursor, block, SLICE);
          count > 0;
          count = panes.nextRows(cursor, block, SLICE)) {
        keys.groupSiblings(block, zeros, count, found);
        for (int i = 0; i < count; i++) {
          long pane = getLong(block + 8L * i);
          long key = getLong(found + 8L * i);
          putLong(pane + link, getLong(key + link));
          putLong(key + link, pane);
        }
      }
    } finally {
      memory.free(block, 24L * SLICE);
    }
  }
}
