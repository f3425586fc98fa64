package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a table's groups over time: changes, removal, growth, refusal of memory. */
class GroupTableLifeTest {
  private static final KeyHash HASH = KeyHash.seeded(7);
  private static final GroupTablePlan TEXT_COUNT =
      new GroupTablePlan(List.of(ValueKind.BYTES), List.of(Accumulators.countAll()));
  private static final GroupTablePlan TIME_MAX =
      new GroupTablePlan(
          List.of(ValueKind.I64, ValueKind.BYTES), List.of(Accumulators.max(ValueKind.BYTES)), 0);

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return new ArrayList<>(Arrays.asList(values));
  }

  private static List<List<@Nullable Object>> texts(String... keys) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String key : keys) {
      rows.add(row(key, null));
    }
    return rows;
  }

  private static Map<List<@Nullable Object>, List<@Nullable Object>> changed(GroupTable table) {
    List<Long> rows = TableFixture.walk(table.changes()::nextChanged);
    assertThat(table.changes().changedCount()).isEqualTo(rows.size());
    return TableFixture.groups(table, rows);
  }

  private static List<List<@Nullable Object>> removed(GroupTable table) {
    List<Long> rows = TableFixture.walk(table.changes()::nextRemoved);
    assertThat(table.changes().removedCount()).isEqualTo(rows.size());
    return TableFixture.keys(table, rows);
  }

  private static void remove(GroupTable table, String... keys) {
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      long block = columns.write(ValueKind.BYTES, Arrays.asList(keys));
      long rows = columns.bytes(8L * keys.length);
      table.find(block, 0, 0, keys.length, rows);
      table.remove(rows, keys.length);
    }
  }

  @Test
  void listsEachTouchedGroupOnceAnEpoch() {
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(TEXT_COUNT, HASH, memory)) {
      table.changes().beginEpoch(1);
      TableFixture.add(table, texts("a", "b", "a", "a longer key than fits inline"), 3);
      assertThat(changed(table))
          .isEqualTo(
              Map.of(
                  row("a"),
                  row(2L),
                  row("b"),
                  row(1L),
                  row("a longer key than fits inline"),
                  row(1L)));
      table.changes().beginEpoch(2);
      TableFixture.add(table, texts("b", "c"), 3);
      assertThat(changed(table)).isEqualTo(Map.of(row("b"), row(2L), row("c"), row(1L)));
      assertThat(removed(table)).isEmpty();
      table.changes().beginEpoch(3);
      assertThat(changed(table)).isEmpty();
      assertThat(table.size()).isEqualTo(4);
    }
  }

  @Test
  void listsRemovedKeysUntilTheNextEpoch() {
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(TEXT_COUNT, HASH, memory)) {
      String longKey = "a key of more than eight bytes";
      table.changes().beginEpoch(1);
      TableFixture.add(table, texts("a", "b", longKey), 3);
      table.changes().beginEpoch(2);
      TableFixture.add(table, texts(longKey), 3);
      remove(table, longKey, "a");
      TableFixture.add(table, texts("a", "c", longKey), 3);
      assertThat(removed(table)).containsExactly(row(longKey), row("a"));
      assertThat(changed(table))
          .isEqualTo(Map.of(row("a"), row(1L), row("c"), row(1L), row(longKey), row(1L)));
      table.changes().beginEpoch(3);
      assertThat(removed(table)).isEmpty();
      assertThat(TableFixture.groups(table)).hasSize(4);
    }
  }

  @Test
  void rejectsAnEpochThatDoesNotGrow() {
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(TEXT_COUNT, HASH, memory)) {
      table.changes().beginEpoch(5);
      assertThatThrownBy(() -> table.changes().beginEpoch(5))
          .hasMessage("epoch must grow: epoch=5, next=5");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void insertsAndEvictsAsTreeMapDoes(boolean alike) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    KeyHash hash = alike ? new TableFixture.Constant(3) : HASH;
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(TIME_MAX, hash, memory)) {
      Map<List<@Nullable Object>, List<@Nullable Object>> expected = new HashMap<>();
      for (int round = 1; round <= 30; round++) {
        table.changes().beginEpoch(round);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          Long time = random.nextInt(20) == 0 ? null : (long) round * 10 + random.nextInt(30);
          String text = "x".repeat(random.nextInt(60)) + random.nextInt(10);
          rows.add(row(time, "key of some length " + random.nextInt(3), text));
        }
        TableFixture.add(table, rows, 33);
        for (List<@Nullable Object> r : rows) {
          expected.merge(
              row(r.get(0), r.get(1)),
              row(r.get(2)),
              (a, b) -> Oracle.compare(a.get(0), b.get(0)) >= 0 ? a : b);
        }
        long bound = round * 10L;
        Set<Long> due =
            new HashSet<>(TableFixture.walk((c, o, m) -> table.rowsUntil(bound, c, o, m)));
        long evicted = table.evictUntil(bound);
        int before = expected.size();
        expected.keySet().removeIf(key -> key.get(0) != null && (Long) key.get(0) <= bound);
        assertThat(evicted).as("seed=%d", seed).isEqualTo(before - expected.size());
        assertThat(due).as("seed=%d", seed).hasSize((int) evicted);
        assertThat(TableFixture.groups(table)).as("seed=%d", seed).isEqualTo(expected);
        assertThat(table.size()).isEqualTo(expected.size());
      }
      assertThat(table.memoryBytes()).isEqualTo(memory.allocated());
      table.clear();
      assertThat(TableFixture.groups(table)).isEmpty();
    }
  }

  @Test
  void keepsDirectKeysRightWhileTheirRangeMovesAndBreaks() {
    GroupTablePlan plan =
        new GroupTablePlan(List.of(ValueKind.I32), List.of(Accumulators.countAll()), -1);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      Map<List<@Nullable Object>, List<@Nullable Object>> expected = new HashMap<>();
      long[] centers = {0, 100, -3_000, 5_000, 0, 40_000, 0, Integer.MAX_VALUE - 2_000L, 7};
      for (long center : centers) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
          Long key = random.nextInt(50) == 0 ? null : center + random.nextInt(2_000);
          rows.add(row(key, null));
          expected.merge(row(key), row(1L), (a, b) -> row((Long) a.get(0) + (Long) b.get(0)));
        }
        TableFixture.add(table, rows, 512);
        assertThat(TableFixture.groups(table)).as("seed=%d", seed).isEqualTo(expected);
      }
    }
  }

  @Test
  void keepsValuesOfAMegabyte() {
    GroupTablePlan plan =
        new GroupTablePlan(List.of(ValueKind.BYTES), List.of(Accumulators.max(ValueKind.BYTES)));
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      String large = "k".repeat(1 << 20);
      String other = "k".repeat((1 << 20) - 1) + "l";
      TableFixture.add(
          table,
          List.of(row(large, large), row(other, "v"), row(large, other), row(large, "k")),
          2);
      assertThat(TableFixture.groups(table))
          .isEqualTo(Map.of(row(large), row(other), row(other), row("v")));
    }
  }

  @Test
  void isWholeAndClosableWhereverMemoryIsRefused() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      rows.add(row((long) i, "key number " + i, "value number " + i));
    }
    int refusals = 0;
    boolean refusedOnce = true;
    for (int n = 1; refusedOnce; n++) {
      refusedOnce = false;
      try (TestMemory memory = new TestMemory()) {
        memory.refuseAfter(n);
        try (GroupTable table = new GroupTable(TIME_MAX, HASH, memory)) {
          table.changes().beginEpoch(1);
          try {
            TableFixture.add(table, rows, 500);
          } catch (IllegalStateException refused) {
            refusals++;
            refusedOnce = true;
          }
          assertThat(TableFixture.rows(table)).as("n=%d", n).hasSize((int) table.size());
          List<List<@Nullable Object>> keys = TableFixture.keys(table, TableFixture.rows(table));
          List<List<@Nullable Object>> wanted = new ArrayList<>();
          rows.forEach(r -> wanted.add(r.subList(0, 2)));
          assertThat(keys).as("n=%d", n).isEqualTo(wanted.subList(0, keys.size()));
        }
      }
    }
    assertThat(refusals).isGreaterThan(20);
  }

  @Test
  void holdsTenMillionGroupsInLessThan560Megabytes() {
    GroupTablePlan plan =
        new GroupTablePlan(
            List.of(ValueKind.I64),
            List.of(Accumulators.countAll(), Accumulators.sumLong(ValueKind.I64)));
    int groups = 10_000_000;
    int slice = GroupTable.SLICE_ROWS_MAX;
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      Columns columns = new Columns(arena);
      long data = columns.bytes(8L * slice);
      long column = columns.bytes(ColumnDescriptor.BYTES);
      ColumnDescriptor.set(column, 0, data, 0);
      long out = columns.bytes(8L * slice);
      for (int start = 0; start < groups; start += slice) {
        int count = Math.min(slice, groups - start);
        for (int i = 0; i < count; i++) {
          OffHeap.putLong(data + 8L * i, (start + i) * 1_000_003L);
        }
        table.group(column, 0, 0, count, out);
        table.update(0, out, 0, 0, 0, count);
        table.update(1, out, column, 0, 0, count);
      }
      assertThat(table.size()).isEqualTo(groups);
      assertThat(memory.allocatedMax()).isLessThanOrEqualTo(560_000_000L);
      assertThat(table.memoryBytes()).isEqualTo(memory.allocated());
    }
  }

  @Test
  void aGlobalAggregateOfNoRowsIsARow() {
    GroupTablePlan plan =
        new GroupTablePlan(
            List.of(), List.of(Accumulators.countAll(), Accumulators.max(ValueKind.I64)));
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      long globalRow = table.globalRow();
      assertThat(table.globalRow()).isEqualTo(globalRow);
      assertThat(TableFixture.groups(table)).isEqualTo(Map.of(row(), row(0L, null)));
    }
  }

  @Test
  void aSumThatLeavesItsRangeIsAnErrorOrNull() {
    List<List<@Nullable Object>> rows =
        List.of(row(Long.MAX_VALUE), row(-1L), row(1L), row(1L), row(-5L));
    try (TestMemory memory = new TestMemory()) {
      GroupTablePlan strict =
          new GroupTablePlan(List.of(), List.of(Accumulators.sumLong(ValueKind.I64)));
      try (GroupTable table = new GroupTable(strict, HASH, memory)) {
        assertThatThrownBy(() -> TableFixture.add(table, rows, 10))
            .isInstanceOf(GroupTableException.class)
            .hasMessage(
                "[ARITHMETIC_OVERFLOW] sum must stay in the range of LONG: "
                    + "sum=9223372036854775807, value=1; "
                    + "sum a wider type, or use try_sum to get null");
      }
      GroupTablePlan lenient =
          new GroupTablePlan(List.of(), List.of(Accumulators.trySumLong(ValueKind.I64)));
      try (GroupTable table = new GroupTable(lenient, HASH, memory)) {
        TableFixture.add(table, rows, 10);
        assertThat(TableFixture.groups(table)).isEqualTo(Map.of(row(), row((Object) null)));
      }
    }
  }

  @Test
  void groupsByTextsOfMegabytes() {
    int bytes = 16 << 20;
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table = new GroupTable(TEXT_COUNT, HASH, memory)) {
      Columns columns = new Columns(arena);
      // Five texts: two alike, one that ends otherwise, one a byte shorter, and a short one.
      int[] lengths = {bytes, bytes, bytes, bytes - 1, 3};
      long offsets = columns.bytes(4L * lengths.length + 4);
      long data = columns.bytes(4L * bytes + 3);
      int end = 0;
      for (int i = 0; i < lengths.length; i++) {
        OffHeap.putInt(offsets + 4L * i, end);
        end += lengths[i];
      }
      OffHeap.putInt(offsets + 4L * lengths.length, end);
      OffHeap.putByte(data + 3L * bytes - 1, (byte) 'x');
      long column = columns.bytes(ColumnDescriptor.BYTES);
      ColumnDescriptor.set(column, 0, data, offsets);
      long out = columns.bytes(8L * lengths.length);
      for (int round = 0; round < 3; round++) {
        table.group(column, 0, 0, lengths.length, out);
        table.updateAll(out, 0, 0, 0, lengths.length);
        assertThat(OffHeap.getLong(out)).isEqualTo(OffHeap.getLong(out + 8));
        assertThat(table.size()).isEqualTo(4);
      }
      assertThat(table.memoryBytes()).isBetween(3L * bytes, 4L * bytes);
      assertThat(table.readKeysBytes(0, out + 8, 4)).isEqualTo(3L * bytes - 1 + 3);
      table.remove(out + 8, 4);
      assertThat(table.size()).isZero();
      assertThat(table.memoryBytes()).isLessThan(bytes);
    }
  }
}
