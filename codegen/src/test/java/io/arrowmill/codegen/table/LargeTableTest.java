package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tables larger than the cache are probed in passes: keys that a pass makes, twice, and where the
 * directory grows in the middle of it, and slots of rows that are gone.
 */
class LargeTableTest {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final int RANGE = 150_000;

  /** Keys so far apart that they are hashed. */
  private static final long APART = 1_000_003L;

  @ParameterizedTest
  @CsvSource({
    "ffffffffffffffff, false",
    "ffffffffffffffff, true",
    "fffffffffffffff8, true",
    "fff01fff, false",
    "fff01fff, true",
    "fff0fffc, true"
  })
  void everyWayToARowLeadsToTheSame(String kept, boolean aligned) {
    long hashBits = Long.parseUnsignedLong(kept, 16);
    long seed = System.nanoTime();
    String what = "seed=" + seed;
    SplittableRandom random = new SplittableRandom(seed);
    Map<Long, Long> rows = new HashMap<>();
    try (TestMemory memory = new TestMemory(aligned);
        Arena arena = Arena.ofConfined();
        GroupTable table =
            new GroupTable(
                new GroupTablePlan(List.of(ValueKind.I64), List.of()),
                new CrowdedSlotsTest.Masked(KeyHash.seeded(seed), hashBits),
                memory)) {
      Columns columns = new Columns(arena);
      long keys = columns.bytes(8L * SLICE);
      long column = columns.bytes(ColumnDescriptor.BYTES);
      long hashes = columns.bytes(8L * SLICE);
      long out = columns.bytes(8L * SLICE);
      ColumnDescriptor.set(column, 0, keys, 0);
      table.changes().beginEpoch(1);
      for (int round = 0; round < 250; round++) {
        int count = 1 + random.nextInt(SLICE);
        for (int i = 0; i < count; i++) {
          OffHeap.putLong(keys + 8L * i, APART * random.nextInt(RANGE));
        }
        switch (random.nextInt(5)) {
          case 0 -> {
            table.find(column, 0, 0, count, out);
            check(keys, out, count, rows, false, what);
          }
          case 1 -> {
            table.group(column, 0, 0, count, out);
            check(keys, out, count, rows, true, what);
          }
          case 2 -> {
            table.place(column, 0, 0, count, out);
            check(keys, out, count, rows, true, what);
          }
          case 3 -> {
            table.hash(column, 0, 0, count, hashes);
            int before = rows.size();
            int made = table.addHashed(column, 0, 0, count, hashes, out);
            checkAdded(keys, out, count, rows, what);
            assertThat(made).as(what).isEqualTo(rows.size() - before);
          }
          default -> {
            table.find(column, 0, 0, count / 2, out);
            int found = 0;
            for (int i = 0; i < count / 2; i++) {
              long row = OffHeap.getLong(out + 8L * i);
              OffHeap.putLong(out + 8L * found, row);
              found += row != 0 && rows.remove(OffHeap.getLong(keys + 8L * i)) != null ? 1 : 0;
            }
            table.remove(out, found);
          }
        }
        assertThat(table.size()).as(what).isEqualTo(rows.size());
      }
      assertThat(table.changes().changedCount()).as(what).isEqualTo(rows.size());
    }
  }

  private static void check(
      long keys, long found, int count, Map<Long, Long> rows, boolean makes, String what) {
    for (int i = 0; i < count; i++) {
      long key = OffHeap.getLong(keys + 8L * i);
      long row = OffHeap.getLong(found + 8L * i);
      if (makes) {
        rows.putIfAbsent(key, row);
      }
      if (row != rows.getOrDefault(key, 0L)) {
        assertThat(row).as(what + ", key=" + key).isEqualTo(rows.getOrDefault(key, 0L));
      }
    }
  }

  private static void checkAdded(
      long keys, long found, int count, Map<Long, Long> rows, String what) {
    for (int i = 0; i < count; i++) {
      long key = OffHeap.getLong(keys + 8L * i);
      long row = OffHeap.getLong(found + 8L * i);
      boolean isNew = !rows.containsKey(key);
      if (isNew != (row != 0)) {
        assertThat(row != 0).as(what + ", key=" + key).isEqualTo(isNew);
      }
      rows.putIfAbsent(key, row);
    }
  }
}
