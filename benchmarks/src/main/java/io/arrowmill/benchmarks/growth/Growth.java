package io.arrowmill.benchmarks.growth;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.kernel.KernelSettings;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * How long the slices took that made a table of groups grow.
 *
 * @param keys how many there were
 * @param firstNanos the first slice, for which a new JVM loads classes and interprets them
 * @param longestNanos the longest other slice, as a clock on the wall has it
 * @param longestCpuNanos the other slice that took most time of the CPU
 * @param cpuNanos time of the CPU of all slices
 */
record Growth(long keys, long firstNanos, long longestNanos, long longestCpuNanos, long cpuNanos) {
  /** Rows of a slice: what one call of a table takes at most. */
  static final int SLICE_ROWS = GroupTable.SLICE_ROWS_MAX;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Adds keys to an empty table, slice by slice, and looks at the clock before and after each. */
  static Growth measure(Keys keys, long count, KernelSettings settings, MemorySource memory) {
    long column = memory.allocate(ColumnDescriptor.BYTES);
    long values = memory.allocate(8L * SLICE_ROWS);
    long found = memory.allocate(8L * SLICE_ROWS);
    ColumnDescriptor.set(column, 0, values, 0);
    GroupTablePlan plan =
        new GroupTablePlan(List.of(ValueKind.I64), List.of(Accumulators.countAll()));
    KeyHash hash = settings.newKeyHash();
    try (GroupTable table = new GroupTable(plan, hash, memory)) {
      long first = 0;
      long longest = 0;
      long longestCpu = 0;
      long all = 0;
      for (long done = 0; done < count; done += SLICE_ROWS) {
        int rows = (int) Math.min(SLICE_ROWS, count - done);
        for (int i = 0; i < rows; i++) {
          OffHeap.putLong(values + 8L * i, keys.applyAsLong(done + i));
        }
        long began = System.nanoTime();
        long beganCpu = THREADS.getCurrentThreadCpuTime();
        table.group(column, 0, 0, rows, found);
        long cpu = THREADS.getCurrentThreadCpuTime() - beganCpu;
        long elapsed = System.nanoTime() - began;
        if (done == 0) {
          first = elapsed;
        } else {
          longest = Math.max(longest, elapsed);
          longestCpu = Math.max(longestCpu, cpu);
        }
        all += cpu;
      }
      if (table.size() != count) {
        throw new IllegalStateException(
            "each key must be a group: keys=%d, groups=%d".formatted(count, table.size()));
      }
      return new Growth(count, first, longest, longestCpu, all);
    } finally {
      memory.free(column, ColumnDescriptor.BYTES);
      memory.free(values, 8L * SLICE_ROWS);
      memory.free(found, 8L * SLICE_ROWS);
    }
  }

  double cpuNanosPerKey() {
    return (double) cpuNanos / keys;
  }
}
