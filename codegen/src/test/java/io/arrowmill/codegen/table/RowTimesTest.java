package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.codegen.memory.OffHeap;
import java.util.ArrayList;
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

/**
 * Rows by their times: what is known of frames, and tables that are asked for rows up to a time.
 */
class RowTimesTest {
  private static final KeyHash HASH = KeyHash.seeded(7);
  private static final GroupTablePlan BY_STATE =
      GroupTablePlan.timedByState(
          List.of(ValueKind.I64),
          List.of(Accumulators.storedLong("other"), Accumulators.storedLong("time")),
          1);
  private static final GroupTablePlan BY_KEY =
      new GroupTablePlan(
          List.of(ValueKind.I64, ValueKind.I64), List.of(Accumulators.countAll()), 1);

  @Test
  void keepsTheLeastTimeOfEachFrame() {
    RowTimes times = new RowTimes();
    Map<Long, Long> expected = new HashMap<>();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      long row = 1L << 40 | (long) random.nextInt(1 << 25) << 4;
      long time = random.nextLong();
      if (random.nextInt(10) == 0) {
        times.set(RowTimes.frame(row), time);
        expected.put(RowTimes.frame(row), time);
      } else {
        times.note(row, time);
        expected.merge(RowTimes.frame(row), time, Math::min);
      }
    }
    expected.forEach(
        (frame, least) -> assertThat(times.least(frame)).as("seed=%d", seed).isEqualTo(least));
    assertThat(times.least(RowTimes.frame(1L << 50))).isEqualTo(Long.MAX_VALUE);
    times.clear();
    expected.keySet().forEach(frame -> assertThat(times.least(frame)).isEqualTo(Long.MAX_VALUE));
  }

  /** Rows that are made, moved in time, removed and made again in places of earlier ones. */
  @ParameterizedTest
  @ValueSource(ints = {7, 1_000, 16_384})
  void findsRowsByATimeThatMoves(int max) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(BY_STATE, HASH, memory)) {
      Map<Long, Long> timeOf = new HashMap<>();
      long nextKey = 0;
      for (int round = 1; round <= 25; round++) {
        table.changes().beginEpoch(round);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = random.nextInt(max == 7 ? 3_000 : 30_000); i > 0; i--) {
          rows.add(List.of(nextKey++, 0L, 0L));
        }
        TableFixture.add(table, rows, 4_096);
        for (List<@Nullable Object> row : rows) {
          timeOf.put(rowOf(table, (Long) row.get(0)), time(random, round));
        }
        List<Long> all = new ArrayList<>(timeOf.keySet());
        for (int i = 0; i < all.size(); i += 1 + random.nextInt(50)) {
          timeOf.put(all.get(i), time(random, round + 2));
        }
        timeOf.forEach((row, time) -> setTime(table, row, time));
        for (int i = 0; i < all.size(); i += 1 + random.nextInt(100)) {
          timeOf.remove(all.get(i));
          table.removeRow(all.get(i));
        }
        long bound = random.nextInt(20) == 0 ? Long.MAX_VALUE : round * 100L - 150;
        checkUntil(table, bound, max, timeOf, "seed=" + seed);
        if (random.nextInt(4) > 0) {
          int before = timeOf.size();
          timeOf.values().removeIf(time -> time <= bound);
          assertThat(table.evictUntil(bound)).as("seed=%d", seed).isEqualTo(before - timeOf.size());
          checkUntil(table, bound, max, timeOf, "seed=" + seed);
        }
        assertThat(table.size()).isEqualTo(timeOf.size());
      }
      table.clear();
      checkUntil(table, Long.MAX_VALUE, max, Map.of(), "seed=" + seed);
    }
  }

  /** Times are close to the round's, but for a few. */
  private static long time(Random random, int round) {
    return switch (random.nextInt(200)) {
      case 0 -> Long.MAX_VALUE;
      case 1 -> Long.MIN_VALUE;
      case 2 -> 1_000_000;
      default -> round * 100L + random.nextInt(200);
    };
  }

  private static void setTime(GroupTable table, long row, long time) {
    long at = row + table.layout().state(1).offset();
    boolean lower = time < OffHeap.getLong(at);
    OffHeap.putLong(at, time);
    if (lower) {
      table.timeLowered(row);
    }
  }

  private static long rowOf(GroupTable table, long key) {
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      long out = columns.bytes(8);
      List<@Nullable Object> keys = List.of(key);
      table.find(columns.write(List.of(ValueKind.I64), List.of(keys)), 0, 0, 1, out);
      return OffHeap.getLong(out);
    }
  }

  private static void checkUntil(
      GroupTable table, long bound, int max, Map<Long, Long> timeOf, String seed) {
    Set<Long> expected = new HashSet<>();
    timeOf.forEach((row, time) -> {
      if (time <= bound) {
        expected.add(row);
      }
    });
    List<Long> found = until(table, bound, max);
    assertThat(new HashSet<>(found)).as(seed).isEqualTo(expected);
    assertThat(found).as(seed).hasSameSizeAs(expected);
  }

  private static List<Long> until(GroupTable table, long bound, int max) {
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      long out = arena.allocate(8L * max, 8).address();
      List<Long> rows = new ArrayList<>();
      RowCursor cursor = new RowCursor();
      for (int n = table.rowsUntil(bound, cursor, out, max);
          n > 0;
          n = table.rowsUntil(bound, cursor, out, max)) {
        for (int i = 0; i < n; i++) {
          rows.add(OffHeap.getLong(out + 8L * i));
        }
      }
      return rows;
    }
  }

  /** Nulls are after every bound, and a row at the end of time is not after that bound. */
  @Test
  void findsRowsByATimeAmongTheKeys() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(BY_KEY, HASH, memory)) {
      Set<List<@Nullable Object>> expected = new HashSet<>();
      for (int round = 1; round <= 12; round++) {
        table.changes().beginEpoch(round);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = random.nextInt(30_000); i > 0; i--) {
          List<@Nullable Object> row = new ArrayList<>();
          row.add(random.nextLong());
          row.add(random.nextInt(100) == 0 ? null : time(random, round));
          expected.add(new ArrayList<>(row));
          row.add(0L);
          rows.add(row);
        }
        TableFixture.add(table, rows, 4_096);
        long bound = round == 12 ? Long.MAX_VALUE : round * 100L - 50;
        int before = expected.size();
        expected.removeIf(row -> row.get(1) != null && (Long) row.get(1) <= bound);
        assertThat(table.evictUntil(bound)).as("seed=%d", seed).isEqualTo(before - expected.size());
        assertThat(TableFixture.groups(table).keySet()).as("seed=%d", seed).isEqualTo(expected);
      }
      assertThat(expected).as("those without a time").isNotEmpty();
    }
  }

  @Test
  void hasOneTimeAtMost() {
    assertThatThrownBy(() ->
            new GroupTablePlan(
                List.of(ValueKind.I64), List.of(Accumulators.storedLong("t")), 0, 0, false))
        .hasMessageContaining("time must be one key or one stored integer");
    assertThatThrownBy(() ->
            GroupTablePlan.timedByState(
                List.of(ValueKind.I64), List.of(Accumulators.countAll()), 0))
        .hasMessageContaining("timeState=0");
  }
}
