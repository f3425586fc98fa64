package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of integer keys that are dense at times: the way to a row changes, the groups don't. */
class DirectIndexTest {
  private static final KeyHash HASH = KeyHash.seeded(11);

  private final Map<List<@Nullable Object>, Long> expected = new HashMap<>();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private static GroupTable table(int keys, MemoryAndTable owner) {
    List<ValueKind> kinds = new ArrayList<>();
    for (int k = 0; k < keys; k++) {
      kinds.add(ValueKind.I64);
    }
    return new GroupTable(
        new GroupTablePlan(kinds, List.of(Accumulators.countAll())), HASH, owner.memory);
  }

  /** A table in memory whose closing is the leak check. */
  private static final class MemoryAndTable implements AutoCloseable {
    private final TestMemory memory = new TestMemory();
    private final GroupTable table;

    MemoryAndTable(int keys) {
      table = DirectIndexTest.table(keys, this);
    }

    @Override
    public void close() {
      table.close();
      memory.close();
    }
  }

  private void add(GroupTable table, int rowCount, boolean nulls, LongUnaryOperator key) {
    int keys = table.plan().keys().size();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < rowCount; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int k = 0; k < keys; k++) {
        row.add(nulls && random.nextInt(20) == 0 ? null : (Object) key.applyAsLong(i * 31L + k));
      }
      expected.merge(List.copyOf(wrap(row)), 1L, Long::sum);
      row.add(null);
      rows.add(row);
    }
    TableFixture.add(table, rows, 500);
    check(table);
  }

  /** Nulls cannot be in an immutable list; the text stands for them. */
  private static List<Object> wrap(List<@Nullable Object> row) {
    List<Object> wrapped = new ArrayList<>();
    row.forEach(value -> wrapped.add(value == null ? "null" : value));
    return wrapped;
  }

  private void check(GroupTable table) {
    Map<List<@Nullable Object>, Long> found = new HashMap<>();
    TableFixture.groups(table)
        .forEach((keys, counts) -> found.put(List.copyOf(wrap(keys)), (Long) counts.getFirst()));
    assertThat(found).as("seed=%d", seed).isEqualTo(expected);
    assertThat(table.size()).isEqualTo(expected.size());
  }

  private void removeSome(GroupTable table) {
    List<Long> rows = TableFixture.rows(table);
    List<List<@Nullable Object>> keys = TableFixture.keys(table, rows);
    List<Long> gone = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (random.nextInt(3) == 0) {
        gone.add(rows.get(i));
        expected.remove(List.copyOf(wrap(keys.get(i))));
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      long block = TableFixture.addresses(new Columns(arena), gone);
      table.remove(block, gone.size());
    }
    check(table);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void keysComeDenseThenFarThenDenseAgain(int keys) {
    try (MemoryAndTable owner = new MemoryAndTable(keys)) {
      GroupTable table = owner.table;
      table.changes().beginEpoch(1);
      add(table, 700, false, i -> random.nextInt(20));
      add(table, 100, false, i -> random.nextInt(40) - 20);
      add(table, 50, true, i -> random.nextLong());
      add(table, 900, true, i -> random.nextInt(30));
      removeSome(table);
      add(table, 900, true, i -> random.nextInt(60));
      add(table, 20, true, i -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE);
      removeSome(table);
      add(table, 900, false, i -> random.nextInt(30));
    }
  }

  @Test
  void aRangeGrowsUpAndDown() {
    try (MemoryAndTable owner = new MemoryAndTable(1)) {
      long[] next = {0, 0};
      add(owner.table, 5_000, false, i -> next[0]++);
      add(owner.table, 5_000, false, i -> --next[1]);
      add(owner.table, 20_000, false, i -> next[0]++);
      add(owner.table, 5_000, false, i -> random.nextInt(20_000) - 2_000);
    }
  }

  @Test
  void nullsComeBeforeAnyKey() {
    for (int keys = 1; keys <= 2; keys++) {
      expected.clear();
      try (MemoryAndTable owner = new MemoryAndTable(keys)) {
        TableFixture.add(
            owner.table, Collections.nCopies(3, Collections.nCopies(keys + 1, null)), 500);
        expected.put(List.copyOf(wrap(Collections.nCopies(keys, null))), 3L);
        check(owner.table);
        add(owner.table, 100, true, i -> random.nextInt(9) - 7);
        add(owner.table, 900, true, i -> random.nextInt(100) - 50);
      }
    }
  }

  /** As numbers and the starts of windows: time goes on, and a number may come up late. */
  @Test
  void rangesOfManyKeysGrowUpAndDown() {
    for (int round = 0; round < 60; round++) {
      expected.clear();
      int keys = 2 + round % 3;
      long step = random.nextBoolean() ? 1 : 10_000_000;
      int[] numbers = new int[keys];
      for (int k = 0; k < keys; k++) {
        numbers[k] = 1 + random.nextInt(8);
      }
      try (MemoryAndTable owner = new MemoryAndTable(keys)) {
        owner.table.changes().beginEpoch(1);
        int[] first = new int[keys];
        for (int batch = 0; batch < 15; batch++) {
          first[random.nextInt(keys)] += random.nextInt(9) - 3;
          add(
              owner.table,
              1 + random.nextInt(900),
              random.nextInt(6) == 0,
              i -> {
                int k = (int) (i % 31);
                return step * (first[k] + random.nextInt(numbers[k]));
              });
          if (random.nextInt(5) == 0) {
            removeSome(owner.table);
          }
        }
      }
    }
  }

  @Test
  void aRangeReachesTheEndsOfLong() {
    try (MemoryAndTable owner = new MemoryAndTable(1)) {
      add(owner.table, 3_000, false, i -> Long.MAX_VALUE - random.nextInt(1_500));
      add(owner.table, 3_000, false, i -> Long.MAX_VALUE - random.nextInt(9_000));
    }
    expected.clear();
    try (MemoryAndTable owner = new MemoryAndTable(1)) {
      add(owner.table, 3_000, false, i -> Long.MIN_VALUE + random.nextInt(1_500));
      add(owner.table, 3_000, false, i -> Long.MIN_VALUE + random.nextInt(9_000));
    }
  }

  @Test
  void farKeysAreTakenInOnceThereAreManyOfThem() {
    try (MemoryAndTable owner = new MemoryAndTable(1)) {
      add(owner.table, 100, false, i -> random.nextInt(100));
      add(owner.table, 30_000, true, i -> 200_000 + random.nextInt(40_000));
      removeSome(owner.table);
      add(owner.table, 30_000, false, i -> random.nextInt(250_000));
    }
  }

  /** As numbers and the starts of windows are: dense while there is one window. */
  @Test
  void keysAreDenseAtFirstOnly() {
    try (MemoryAndTable owner = new MemoryAndTable(2)) {
      owner.table.changes().beginEpoch(1);
      for (long window = 0; window < 9; window++) {
        long start = window * 10_000_000L;
        add(owner.table, 400, false, i -> i % 31 == 0 ? random.nextInt(100) : start);
      }
      removeSome(owner.table);
      add(owner.table, 400, true, i -> i % 31 == 0 ? random.nextInt(100) : 20_000_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 10_000_000, 86_400_000_000L, 1L << 40, 3L << 41})
  void keysAreMultiplesOfAStep(long step) {
    for (int keys = 1; keys <= 3; keys++) {
      expected.clear();
      try (MemoryAndTable owner = new MemoryAndTable(keys)) {
        GroupTable table = owner.table;
        long from = -3 * step + 7;
        add(table, 700, false, i -> from + step * random.nextInt(20));
        add(table, 300, true, i -> from + step * (random.nextInt(60) - 20));
        removeSome(table);
        // Between the steps, below and far above them.
        add(table, 50, false, i -> from + step / 2 + random.nextInt(3));
        add(table, 50, true, i -> random.nextLong());
        add(table, 900, false, i -> from + step * random.nextInt(40));
        removeSome(table);
        add(table, 900, true, i -> from + step / 2 * random.nextInt(40));
      }
    }
  }

  /** Few keys at a time, as the starts of windows come, so that a step shows only by and by. */
  @Test
  void theStepChangesWhileTheRangeGrows() {
    long[] steps = {1, 7, 10, 1_000, 10_000_000};
    for (int round = 0; round < 300; round++) {
      expected.clear();
      try (MemoryAndTable owner = new MemoryAndTable(1 + round % 2)) {
        owner.table.changes().beginEpoch(1);
        long from = random.nextInt(100_000) - 50_000L;
        for (int batch = 0; batch < 12; batch++) {
          long step = steps[random.nextInt(steps.length)];
          long first = from + step * (random.nextInt(2_000) - 1_000);
          int width = 1 + random.nextInt(30);
          int rows = 1 + random.nextInt(random.nextBoolean() ? 3 : 40);
          add(owner.table, rows, false, i -> first + step * random.nextInt(width));
          if (random.nextInt(4) == 0) {
            removeSome(owner.table);
          }
        }
      }
    }
  }

  @Test
  void aRangeOfStepsGrowsUpAndDown() {
    try (MemoryAndTable owner = new MemoryAndTable(1)) {
      long[] next = {0, 0};
      add(owner.table, 5_000, false, i -> 60 * next[0]++);
      add(owner.table, 5_000, false, i -> 60 * --next[1]);
      add(owner.table, 20_000, false, i -> 60 * next[0]++);
      add(owner.table, 5_000, false, i -> 30L * (random.nextInt(20_000) - 2_000));
    }
  }

  @Test
  void stepsReachTheEndsOfLong() {
    for (long step : new long[] {1L << 50, 1L << 62, Long.MAX_VALUE, (1L << 52) + 1}) {
      expected.clear();
      try (MemoryAndTable owner = new MemoryAndTable(1)) {
        add(owner.table, 500, false, i -> Long.MAX_VALUE - step * random.nextInt(2));
        add(owner.table, 500, false, i -> Long.MIN_VALUE + step * random.nextInt(2));
        add(owner.table, 500, false, i -> step * random.nextInt(3));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 10, 12, 1_000_003, 10_000_000, 1L << 62, Long.MAX_VALUE})
  void digitsAreQuotients(long step) {
    long inverse = DirectIndex.inverse(step);
    int shift = Long.numberOfTrailingZeros(step);
    for (int i = 0; i < 1_000; i++) {
      long base = random.nextLong() >> 2;
      long digit = random.nextLong(Math.max(1, Math.min(1L << 30, Long.MAX_VALUE / step)));
      long rest = random.nextBoolean() ? 0 : random.nextLong(step);
      long key = base + digit * step + rest;
      long found = DirectIndex.digit(key, base, inverse, shift);
      if (rest == 0) {
        assertThat(found).as("seed=%d", seed).isEqualTo(digit);
      } else {
        assertThat(Long.compareUnsigned(found, Long.divideUnsigned(-1L, step)))
            .as("seed=%d digit=%d", seed, found)
            .isPositive();
      }
    }
  }

  @Test
  void groupsStayWholeWhenMemoryIsRefused() {
    for (int allowed = 0; allowed < 60; allowed++) {
      try (TestMemory memory = new TestMemory();
          GroupTable table =
              new GroupTable(
                  new GroupTablePlan(List.of(ValueKind.I64), List.of(Accumulators.countAll())),
                  HASH,
                  memory);
          Arena arena = Arena.ofConfined()) {
        Columns columns = new Columns(arena);
        int rows = 4_000;
        List<@Nullable Object> keys = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
          keys.add(i < 1_000 ? (long) i : i * 1_000_003L);
        }
        long column = columns.write(ValueKind.I64, keys);
        long out = columns.bytes(8L * rows);
        memory.refuseAfter(allowed);
        boolean refused = false;
        try {
          for (int start = 0; start < rows; start += 500) {
            table.group(column, 0, start, 500, out);
          }
        } catch (IllegalStateException e) {
          refused = true;
        }
        memory.refuseAfter(Long.MAX_VALUE);
        long before = table.size();
        for (int start = 0; start < before; start += 500) {
          int count = (int) Math.min(500, before - start);
          table.find(column, 0, start, count, out + 8L * start);
        }
        for (int i = 0; i < before; i++) {
          assertThat(OffHeap.getLong(out + 8L * i)).as("row %d of %d", i, before).isNotZero();
        }
        for (int start = 0; start < rows; start += 500) {
          table.group(column, 0, start, 500, out);
        }
        assertThat(table.size()).isEqualTo(rows);
        assertThat(refused || allowed > 10).isTrue();
      }
    }
  }
}
