package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Rows that their owner finds by itself, with the keys of another table's rows and one more; and
 * rows beside the table that states are merged into.
 */
class OwnedRowsTest {
  private static final List<ValueKind> KEYS =
      List.of(ValueKind.BYTES, ValueKind.DECIMAL128, ValueKind.I32);

  private static final List<AccumulatorPlan> VALUES =
      List.of(
          Accumulators.countAll(),
          Accumulators.max(ValueKind.BYTES),
          Accumulators.sumLong(ValueKind.I64),
          Accumulators.min(ValueKind.I64),
          Accumulators.sumDouble(ValueKind.I64),
          Accumulators.average(ValueKind.I64),
          Accumulators.trySumLong(ValueKind.I64));

  private final SplittableRandom random = new SplittableRandom(3);

  private List<@Nullable Object> key(int number) {
    return Arrays.asList(
        number % 7 == 0
            ? null
            : number % 3 == 0 ? "k" + number : "a key that lies outside " + number,
        number % 5 == 0 ? null : java.math.BigInteger.valueOf(number),
        number % 11 == 0 ? null : (long) number);
  }

  @Test
  void rowsHaveTheKeysOfOthersAndGoUpToATime() {
    List<ValueKind> kinds = new ArrayList<>(KEYS);
    kinds.add(ValueKind.I64);
    try (TestMemory memory = new TestMemory();
        GroupTable keys =
            new GroupTable(new GroupTablePlan(KEYS, List.of()), KeyHash.seeded(7), memory);
        GroupTable table =
            new GroupTable(new GroupTablePlan(kinds, VALUES, 3), KeyHash.seeded(7), memory)) {
      List<List<@Nullable Object>> known = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        known.add(key(i));
      }
      TableFixture.add(keys, known, 64);
      table.dropIndex();
      Map<Long, List<@Nullable Object>> held = new HashMap<>();
      for (int epoch = 1; epoch < 20; epoch++) {
        table.changes().beginEpoch(epoch);
        Map<Long, List<@Nullable Object>> made = new HashMap<>();
        for (long row : TableFixture.rows(keys)) {
          if (random.nextBoolean()) {
            long time = 10L * epoch + random.nextInt(10);
            List<@Nullable Object> all =
                new ArrayList<>(TableFixture.keys(keys, List.of(row)).getFirst());
            all.add(time);
            made.put(table.addRow(keys, row, time), all);
          }
        }
        held.putAll(made);
        assertThat(TableFixture.walk(table.changes()::nextChanged))
            .containsExactlyInAnyOrderElementsOf(made.keySet());
        long bound = 10L * epoch - 10 + random.nextInt(15);
        List<Long> gone = new ArrayList<>();
        held.forEach((row, all) -> {
          if ((long) all.getLast() <= bound) {
            gone.add(row);
          }
        });
        try (Arena arena = Arena.ofConfined()) {
          long rows = TableFixture.addresses(new Columns(arena), gone);
          table.evictRows(bound, rows, gone.size());
        }
        held.keySet().removeAll(gone);
        assertThat(table.changes().evictedUntil()).isEqualTo(bound);
        assertThat(table.changes().removedCount()).isZero();
        List<Long> rows = TableFixture.rows(table);
        assertThat(new HashSet<>(TableFixture.keys(table, rows)))
            .isEqualTo(new HashSet<>(held.values()));
      }
      try (Arena arena = Arena.ofConfined()) {
        Columns columns = new Columns(arena);
        List<Long> rows = TableFixture.rows(table);
        long found = columns.bytes(8L * rows.size());
        keys.siblings()
            .groupFirstKeys(
                table, TableFixture.addresses(columns, rows), Math.min(4_096, rows.size()), found);
        assertThat(keys.size()).isEqualTo(200);
        for (int i = 0; i < Math.min(4_096, rows.size()); i++) {
          assertThat(TableFixture.keys(keys, List.of(OffHeap.getLong(found + 8L * i))).getFirst())
              .isEqualTo(TableFixture.keys(table, List.of(rows.get(i))).getFirst().subList(0, 3));
        }
      }
    }
  }

  @Test
  void statesAreMergedIntoRowsBesideTheTable() {
    List<ValueKind> kinds = new ArrayList<>();
    for (int k = 0; k < 9; k++) {
      kinds.add(ValueKind.I64);
    }
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table =
            new GroupTable(new GroupTablePlan(kinds, VALUES), KeyHash.seeded(7), memory)) {
      TableFixture.add(
          table, List.of(row(1, "a text that is long enough", 5), row(2, "b", null)), 8);
      List<Long> rows = TableFixture.rows(table);
      Columns columns = new Columns(arena);
      long made = columns.bytes(2L * table.layout().rowBytes());
      List<Long> targets = List.of(made, made + table.layout().rowBytes());
      for (int round = 0; round < 2; round++) {
        table.states().beginRow(targets.get(0), 41, table.layout().rowBytes());
        table.states().beginRow(targets.get(1), 42, table.layout().rowBytes());
        assertThat(TableFixture.keys(table, targets).stream().map(keys -> keys.getLast()).toList())
            .containsExactly(41L, 42L);
        assertThat(TableFixture.results(table, targets))
            .containsOnly(Arrays.asList(0L, null, null, null, null, null, null));
        long sources =
            TableFixture.addresses(columns, List.of(rows.get(1), rows.get(0), rows.get(1)));
        long ranges = columns.bytes(16);
        OffHeap.putInt(ranges, 0);
        OffHeap.putInt(ranges + 4, 3);
        OffHeap.putInt(ranges + 8, 2);
        OffHeap.putInt(ranges + 12, 3);
        table.states().mergeRanges(TableFixture.addresses(columns, targets), ranges, sources, 2);
        assertThat(TableFixture.results(table, targets))
            .containsExactly(
                Arrays.asList(3L, "b", 5L, 5L, 5.0, 5.0, 5L),
                Arrays.asList(1L, "b", null, null, null, null, null));
        table.states().release(TableFixture.addresses(columns, targets), 2);
      }
      assertThat(TableFixture.results(table, rows))
          .containsExactly(
              Arrays.asList(1L, "a text that is long enough", 5L, 5L, 5.0, 5.0, 5L),
              Arrays.asList(1L, "b", null, null, null, null, null));
    }
  }

  private static List<@Nullable Object> row(long number, String text, @Nullable Integer value) {
    List<@Nullable Object> row = new ArrayList<>();
    for (int k = 0; k < 9; k++) {
      row.add(k % 2 == number % 2 ? null : (Object) (number + k));
    }
    row.add(null);
    row.add(text);
    Long input = value == null ? null : (long) value;
    for (int a = 2; a < VALUES.size(); a++) {
      row.add(input);
    }
    return row;
  }
}
