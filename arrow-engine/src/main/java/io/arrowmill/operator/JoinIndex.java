package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.kernel.ColumnDescriptors;
import java.util.List;

/**
 * Finds the rows of a join's build side by key. Rows of one key are chained, newest first. Confined
 * to one task.
 *
 * <p>Each key's row in the table keeps, in the eight bytes of a count, the number of the chain's
 * first build row plus one; {@code links} holds, int32 a build row, the number of the row after it,
 * or {@link #NONE}.
 */
final class JoinIndex implements AutoCloseable {
  /** Ends a chain. */
  static final int NONE = -1;

  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final MemorySource memory;
  private final GroupTable table;
  private final int headOffset;
  private final long links;
  private final long linksBytes;
  private final long found;

  JoinIndex(RecordBatch build, int[] keyColumns, List<ValueKind> kinds, MemorySource memory) {
    this.memory = memory;
    this.linksBytes = Math.max(1, 4L * build.rowCount());
    this.links = memory.allocate(linksBytes);
    this.found = memory.allocate(8L * SLICE);
    this.table =
        new GroupTable(
            new GroupTablePlan(kinds, List.of(Accumulators.countAll())),
            KeyHash.seeded(System.nanoTime()),
            memory);
    this.headOffset = table.layout().state(0).offset();
    try (ColumnDescriptors keys = new ColumnDescriptors(keyColumns.length, memory)) {
      keys.set(build, keyColumns);
      for (int start = 0; start < build.rowCount(); start += SLICE) {
        int count = Math.min(SLICE, build.rowCount() - start);
        table.group(keys.address(), 0, start, count, found);
        link(start, count);
      }
    }
  }

  private void link(int start, int count) {
    for (int i = 0; i < count; i++) {
      long head = getLong(found + 8L * i) + headOffset;
      putInt(links + 4L * (start + i), getInt(head) + NONE);
      putInt(head, start + i + 1);
    }
  }

  /**
   * Looks up rows; {@link #head} then answers for each. At most {@link GroupTable#SLICE_ROWS_MAX}
   * at a time.
   */
  void find(ColumnDescriptors keys, int start, int count) {
    table.find(keys.address(), 0, start, count, found);
  }

  /** The first build row for row {@code index} of the slice looked up last, or {@link #NONE}. */
  int head(int index) {
    long row = getLong(found + 8L * index);
    return row == 0 ? NONE : getInt(row + headOffset) + NONE;
  }

  /** The build row after {@code row} in its chain, or {@link #NONE}. */
  int next(int row) {
    return getInt(links + 4L * row);
  }

  @Override
  public void close() {
    table.close();
    memory.free(found, 8L * SLICE);
    memory.free(links, linksBytes);
  }
}
