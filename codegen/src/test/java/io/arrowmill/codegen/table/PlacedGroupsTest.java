package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link GroupTable#place} gives each key its row, {@link GroupTable#discard} leaves no trace. */
class PlacedGroupsTest {
  static List<List<ValueKind>> keys() {
    return List.of(
        List.of(ValueKind.I64),
        List.of(ValueKind.I32, ValueKind.I64),
        List.of(ValueKind.BYTES),
        List.of(ValueKind.F64));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void changesAreWhatStaysAndWhatWasThere(List<ValueKind> kinds) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    try (TestMemory memory = new TestMemory();
        GroupTable table =
            new GroupTable(new GroupTablePlan(kinds, List.of()), KeyHash.seeded(7), memory)) {
      Set<List<@Nullable Object>> held = new HashSet<>();
      for (int epoch = 1; epoch <= 30; epoch++) {
        String round = "seed=" + seed + ", epoch=" + epoch;
        table.changes().beginEpoch(epoch);
        List<List<@Nullable Object>> rows =
            TableFixture.keys(kinds, random, random.nextInt(1_500), 20 << (epoch / 2));
        List<Long> placed = place(table, rows);
        assertThat(TableFixture.keys(table, placed)).as(round).isEqualTo(rows);

        Set<List<@Nullable Object>> made = new HashSet<>(rows);
        made.removeAll(held);
        Set<List<@Nullable Object>> gone = some(held, random);
        Set<List<@Nullable Object>> dropped = some(made, random);
        table.discard(find(table, dropped), dropped.size());
        table.remove(find(table, gone), gone.size());
        made.removeAll(dropped);
        held.removeAll(gone);
        held.addAll(made);

        assertThat(table.size()).as(round).isEqualTo(held.size());
        assertThat(table.changes().changedCount()).as(round).isEqualTo(made.size());
        assertThat(keysOf(table, table.changes()::nextChanged)).as(round).isEqualTo(made);
        assertThat(keysOf(table, table.changes()::nextRemoved)).as(round).isEqualTo(gone);
        assertThat(keysOf(table, table::nextRows)).as(round).isEqualTo(held);
      }
    }
  }

  @Test
  void aKeyThatWasRemovedAndPlacedAgainStaysRemovedWhenItIsDiscarded() {
    List<ValueKind> kinds = List.of(ValueKind.BYTES);
    List<List<@Nullable Object>> key = List.of(Arrays.asList("a key that lies outside the row"));
    try (TestMemory memory = new TestMemory();
        GroupTable table =
            new GroupTable(new GroupTablePlan(kinds, List.of()), KeyHash.seeded(7), memory)) {
      table.changes().beginEpoch(1);
      place(table, key);
      table.changes().beginEpoch(2);
      table.remove(find(table, Set.copyOf(key)), 1);
      long row = place(table, key).getFirst();
      assertThat(table.changes().isTouched(row)).isTrue();
      table.discard(find(table, Set.copyOf(key)), 1);
      assertThat(table.size()).isZero();
      assertThat(keysOf(table, table.changes()::nextChanged)).isEmpty();
      assertThat(keysOf(table, table.changes()::nextRemoved)).isEqualTo(Set.copyOf(key));
    }
  }

  @Test
  void refusedMemoryLeavesWholeGroups() {
    List<ValueKind> kinds = List.of(ValueKind.BYTES);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      rows.add(Arrays.asList("key number " + i));
    }
    int refusals = 0;
    boolean refusedOnce = true;
    for (int n = 1; refusedOnce; n++) {
      refusedOnce = false;
      try (TestMemory memory = new TestMemory()) {
        memory.refuseAfter(n);
        try (GroupTable table =
            new GroupTable(new GroupTablePlan(kinds, List.of()), KeyHash.seeded(7), memory)) {
          table.changes().beginEpoch(1);
          try {
            place(table, rows);
          } catch (IllegalStateException refused) {
            refusals++;
            refusedOnce = true;
          }
          List<Long> made = TableFixture.rows(table);
          assertThat(made).as("n=%d", n).hasSize((int) table.size());
          assertThat(table.changes().changedCount()).as("n=%d", n).isEqualTo(table.size());
          assertThat(TableFixture.keys(table, made))
              .as("n=%d", n)
              .isEqualTo(rows.subList(0, made.size()));
        }
      }
    }
    assertThat(refusals).isGreaterThan(10);
  }

  private static Set<List<@Nullable Object>> some(
      Set<List<@Nullable Object>> of, SplittableRandom random) {
    Set<List<@Nullable Object>> some = new HashSet<>(of);
    int share = random.nextInt(5);
    some.removeIf(key -> random.nextInt(4) >= share);
    return some;
  }

  private static Set<List<@Nullable Object>> keysOf(GroupTable table, TableFixture.Walk walk) {
    List<Long> rows = TableFixture.walk(walk);
    Set<List<@Nullable Object>> keys = new HashSet<>(TableFixture.keys(table, rows));
    assertThat(keys).hasSize(rows.size());
    return keys;
  }

  private interface Lookup {
    void rows(long columns, int count, long rowsOut);
  }

  private static List<Long> place(GroupTable table, List<List<@Nullable Object>> rows) {
    return ask(table, rows, (columns, count, out) -> table.place(columns, 0, 0, count, out));
  }

  /** Address of the addresses of rows, in memory that is never freed. */
  private static long find(GroupTable table, Set<List<@Nullable Object>> keys) {
    List<Long> rows =
        ask(
            table,
            List.copyOf(keys),
            (columns, count, out) -> table.find(columns, 0, 0, count, out));
    return TableFixture.addresses(new Columns(Arena.global()), rows);
  }

  private static List<Long> ask(
      GroupTable table, List<List<@Nullable Object>> rows, Lookup lookup) {
    List<Long> found = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      List<List<@Nullable Object>> keyColumns = new ArrayList<>();
      for (int k = 0; k < table.plan().keys().size(); k++) {
        keyColumns.add(TableFixture.column(rows, k));
      }
      long block = columns.write(table.plan().keys(), keyColumns);
      long out = columns.bytes(8L * Math.max(1, rows.size()));
      lookup.rows(block, rows.size(), out);
      for (int i = 0; i < rows.size(); i++) {
        found.add(OffHeap.getLong(out + 8L * i));
      }
    }
    return found;
  }
}
