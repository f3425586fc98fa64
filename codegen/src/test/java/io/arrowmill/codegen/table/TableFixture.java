package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Feeds Java rows to a table and reads its groups back as Java values. */
final class TableFixture {
  private TableFixture() {}

  /** A hash function under which every key is alike. */
  record Constant(long start) implements KeyHash {
    @Override
    public long combine(long state, long word) {
      return start;
    }

    @Override
    public long combine(long state, long first, long second, long third) {
      return start;
    }

    @Override
    public int bytes(long address, int length) {
      return (int) start;
    }
  }

  static List<@Nullable Object> column(List<List<@Nullable Object>> rows, int index) {
    List<@Nullable Object> values = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      values.add(row.get(index));
    }
    return values;
  }

  /** Random keys, some of them null; integers and numbers in texts are less than {@code range}. */
  static List<List<@Nullable Object>> keys(
      List<ValueKind> kinds, SplittableRandom random, int count, int range) {
    List<List<@Nullable Object>> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      @Nullable Object[] key = new Object[kinds.size()];
      for (int k = 0; k < key.length; k++) {
        int value = random.nextInt(range);
        key[k] = random.nextInt(30) == 0 ? null : value(kinds.get(k), value);
      }
      keys.add(Arrays.asList(key));
    }
    return keys;
  }

  private static Object value(ValueKind kind, int value) {
    return switch (kind) {
      case I32, I64 -> (long) value;
      case F64 -> value % 17 == 0 ? Double.NaN : (double) value;
      default -> value % 3 == 0 ? "k" + value : "a key of some length " + value;
    };
  }

  /** Adds rows of keys and then one input an accumulator, in slices of {@code sliceRows}. */
  static void add(GroupTable table, List<List<@Nullable Object>> rows, int sliceRows) {
    add(table, rows, null, sliceRows);
  }

  static void add(
      GroupTable table,
      List<List<@Nullable Object>> rows,
      int @Nullable [] selected,
      int sliceRows) {
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      List<ValueKind> keys = table.plan().keys();
      List<List<@Nullable Object>> keyColumns = new ArrayList<>();
      for (int k = 0; k < keys.size(); k++) {
        keyColumns.add(column(rows, k));
      }
      long keyBlock = columns.write(keys, keyColumns);
      long selection = 0;
      int total = rows.size();
      if (selected != null) {
        total = selected.length;
        selection = columns.bytes(4L * total);
        for (int i = 0; i < total; i++) {
          OffHeap.putInt(selection + 4L * i, selected[i]);
        }
      }
      int aggregates = table.plan().accumulators().size();
      long[] inputs = new long[aggregates];
      for (int a = 0; a < aggregates; a++) {
        ValueKind kind = table.plan().accumulators().get(a).inputKind();
        inputs[a] = kind == null ? 0 : columns.write(kind, column(rows, keys.size() + a));
      }
      long inputBlock = columns.bytes((long) ColumnDescriptor.BYTES * aggregates);
      for (int a = 0; a < aggregates; a++) {
        if (inputs[a] != 0) {
          OffHeap.copy(inputs[a], ColumnDescriptor.at(inputBlock, a), ColumnDescriptor.BYTES);
        }
      }
      long out = columns.bytes(8L * sliceRows);
      for (int start = 0; start < total; start += sliceRows) {
        int count = Math.min(sliceRows, total - start);
        // All ways to add rows come to the same.
        switch (start / sliceRows % 3) {
          case 0 -> table.add(keyBlock, inputBlock, selection, start, count, out);
          case 1 -> {
            table.group(keyBlock, selection, start, count, out);
            table.updateAll(out, inputBlock, selection, start, count);
          }
          default -> {
            table.group(keyBlock, selection, start, count, out);
            for (int a = 0; a < aggregates; a++) {
              table.update(a, out, inputs[a], selection, start, count);
            }
          }
        }
      }
    }
  }

  /** Row addresses of every group. */
  static List<Long> rows(GroupTable table) {
    return walk((cursor, out, max) -> table.nextRows(cursor, out, max));
  }

  /** A walk of a cursor, as the table's methods offer. */
  interface Walk {
    int next(RowCursor cursor, long rowsOut, int max);
  }

  static List<Long> walk(Walk walk) {
    try (Arena arena = Arena.ofConfined()) {
      long out = arena.allocate(8 * 7, 8).address();
      List<Long> rows = new ArrayList<>();
      RowCursor cursor = new RowCursor();
      for (int n = walk.next(cursor, out, 7); n > 0; n = walk.next(cursor, out, 7)) {
        for (int i = 0; i < n; i++) {
          rows.add(OffHeap.getLong(out + 8L * i));
        }
      }
      return rows;
    }
  }

  static long addresses(Columns columns, List<Long> rows) {
    long block = columns.bytes(8L * rows.size());
    for (int i = 0; i < rows.size(); i++) {
      OffHeap.putLong(block + 8L * i, rows.get(i));
    }
    return block;
  }

  static List<List<@Nullable Object>> keys(GroupTable table, List<Long> rows) {
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      long block = addresses(columns, rows);
      List<List<@Nullable Object>> result = emptyRows(rows.size());
      for (int k = 0; k < table.plan().keys().size(); k++) {
        ValueKind kind = table.plan().keys().get(k);
        long bytes = table.readKeysBytes(k, block, rows.size());
        long column = columns.allocate(kind, rows.size(), bytes);
        table.readKeys(k, block, rows.size(), column, 0);
        append(result, Columns.read(kind, column, rows.size()));
      }
      return result;
    }
  }

  static List<List<@Nullable Object>> results(GroupTable table, List<Long> rows) {
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      long block = addresses(columns, rows);
      List<List<@Nullable Object>> result = emptyRows(rows.size());
      for (int a = 0; a < table.plan().accumulators().size(); a++) {
        ValueKind kind = table.plan().accumulators().get(a).resultKind();
        long bytes = table.states().finishBytes(a, block, rows.size());
        long column = columns.allocate(kind, rows.size(), bytes);
        table.states().finish(a, block, rows.size(), column, 0);
        append(result, Columns.read(kind, column, rows.size()));
      }
      return result;
    }
  }

  private static List<List<@Nullable Object>> emptyRows(int count) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new ArrayList<>());
    }
    return rows;
  }

  private static void append(List<List<@Nullable Object>> rows, List<@Nullable Object> column) {
    for (int i = 0; i < column.size(); i++) {
      rows.get(i).add(column.get(i));
    }
  }

  /** Every group: keys to results. */
  static Map<List<@Nullable Object>, List<@Nullable Object>> groups(GroupTable table) {
    return groups(table, rows(table));
  }

  static Map<List<@Nullable Object>, List<@Nullable Object>> groups(
      GroupTable table, List<Long> rows) {
    List<List<@Nullable Object>> keys = keys(table, rows);
    List<List<@Nullable Object>> results = results(table, rows);
    Map<List<@Nullable Object>, List<@Nullable Object>> groups = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (groups.put(keys.get(i), results.get(i)) != null) {
        throw new AssertionError("key twice: " + keys.get(i));
      }
    }
    return groups;
  }
}
