package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Loose groups count and are listed as others are, but their keys do not lead to them. */
class LooseGroupsTest {
  private static final GroupTablePlan PLAN =
      new GroupTablePlan(
          List.of(ValueKind.BYTES, ValueKind.I64),
          List.of(Accumulators.max(ValueKind.BYTES), Accumulators.storedLong("time")));

  private static List<@Nullable Object> key(long number) {
    return Arrays.asList("a text that lies outside of the row, " + number % 7, number);
  }

  @Test
  void looseGroupsAreSettledOrEvicted() {
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table = new GroupTable(PLAN, KeyHash.seeded(7), memory)) {
      Columns columns = new Columns(arena);
      table.expect(5_000);
      table.changes().beginEpoch(1);
      TableFixture.add(
          table, List.of(Arrays.asList(key(-1).getFirst(), -1L, "a value outside", null)), 1);
      List<List<@Nullable Object>> keys = new ArrayList<>();
      for (long i = 0; i < 3_000; i++) {
        keys.add(key(i));
      }
      long block =
          columns.write(
              PLAN.keys(), List.of(TableFixture.column(keys, 0), TableFixture.column(keys, 1)));
      table.loose().loadKeys(block, 0, 0, keys.size());
      List<Long> rows = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        rows.add(table.loose().add(i));
      }
      table.loose().discard(rows.removeLast());
      keys.removeLast();
      long values =
          columns.write(ValueKind.BYTES, List.of("the greatest of some values", "a lesser one"));
      long both = addresses(columns, List.of(rows.getFirst(), rows.getFirst()));
      table.update(0, both, values, 0, 0, 2);

      assertThat(table.size()).isEqualTo(3_000);
      assertThat(table.loose().size()).isEqualTo(2_999);
      assertThat(table.changes().changedCount()).isEqualTo(3_000);
      assertThat(TableFixture.walk(table.changes()::nextChanged)).hasSize(3_000).containsAll(rows);
      assertThat(TableFixture.walk(table::nextRows)).hasSize(3_000).containsAll(rows);
      assertThat(TableFixture.walk(table.loose()::next)).isEqualTo(rows);
      assertThat(TableFixture.keys(table, rows)).isEqualTo(keys);
      assertThat(find(table, columns, block, keys.size())).containsOnly(0L);

      table.changes().beginEpoch(2);
      assertThat(table.changes().changedCount()).isZero();
      assertThat(TableFixture.walk(table.changes()::nextChanged)).isEmpty();
      List<Long> some = rows.subList(0, 1_000);
      long settled = columns.bytes(8L * some.size());
      table.loose().settle(addresses(columns, some), some.size(), settled);
      List<Long> found = find(table, columns, block, keys.size());
      assertThat(found.subList(0, 1_000)).isEqualTo(read(settled, 1_000)).doesNotContain(0L);
      assertThat(found.subList(1_000, found.size())).containsOnly(0L);
      assertThat(TableFixture.groups(table, found.subList(0, 1)).values().toString())
          .contains("the greatest of some values");
      assertThat(table.changes().changedCount()).isEqualTo(1_000);

      List<Long> others = rows.subList(1_000, rows.size());
      table.loose().evict(5, addresses(columns, others), others.size());
      table.loose().clear();
      assertThat(table.changes().evictedUntil()).isEqualTo(5);
      assertThat(table.size()).isEqualTo(1_001);
      assertThat(TableFixture.walk(table::nextRows)).hasSize(1_001);
      assertThat(table.memoryBytes()).isEqualTo(memory.allocated());
    }
  }

  private static long addresses(Columns columns, List<Long> rows) {
    long block = columns.bytes(8L * rows.size());
    for (int i = 0; i < rows.size(); i++) {
      OffHeap.putLong(block + 8L * i, rows.get(i));
    }
    return block;
  }

  private static List<Long> find(GroupTable table, Columns columns, long keys, int count) {
    long found = columns.bytes(8L * count);
    table.find(keys, 0, 0, count, found);
    return read(found, count);
  }

  private static List<Long> read(long block, int count) {
    List<Long> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(OffHeap.getLong(block + 8L * i));
    }
    return rows;
  }
}
