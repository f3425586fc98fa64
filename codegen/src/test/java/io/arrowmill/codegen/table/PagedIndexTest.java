package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Large tables of one integer key that is dense at times: rows are moved between the ways to them
 * while slices come, and every key leads to its row all the time.
 */
class PagedIndexTest {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** Stands for null among keys. */
  private static final long NULL = Long.MIN_VALUE + 12_345;

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  /** A table and the row that each key should have. */
  private final class Checked implements AutoCloseable {
    private final TestMemory memory = new TestMemory(random.nextBoolean());
    private final Arena arena = Arena.ofConfined();
    private final Map<Long, Long> rows = new HashMap<>();
    private final GroupTable table;
    private final long keys;
    private final long validity;
    private final long column;
    private final long hashes;
    private final long out;
    private final long[] slice = new long[SLICE];

    Checked() {
      table =
          new GroupTable(
              new GroupTablePlan(java.util.List.of(ValueKind.I64), java.util.List.of()),
              KeyHash.seeded(seed),
              memory);
      Columns columns = new Columns(arena);
      keys = columns.bytes(8L * SLICE);
      validity = columns.bytes(SLICE / 8);
      column = columns.bytes(ColumnDescriptor.BYTES);
      hashes = columns.bytes(8L * SLICE);
      out = columns.bytes(8L * SLICE);
      table.changes().beginEpoch(1);
    }

    /** Adds slices of keys by all ways that there are, and looks for and removes some between. */
    void run(int slices, boolean nulls, LongUnaryOperator key) {
      for (int round = 0; round < slices; round++) {
        int count = 1 + random.nextInt(SLICE);
        fill(count, nulls, key);
        switch (random.nextInt(nulls ? 7 : 6)) {
          case 0 -> add(count);
          case 1 -> place(count);
          case 2 -> {
            table.find(column, 0, 0, count, out);
            check(count, false);
          }
          case 3 -> remove(count / 8);
          default -> group(count);
        }
        if (table.size() != rows.size()) {
          assertThat(table.size()).as(what()).isEqualTo(rows.size());
        }
      }
      assertThat(table.changes().changedCount()).as(what()).isEqualTo(rows.size());
    }

    private void fill(int count, boolean nulls, LongUnaryOperator key) {
      boolean some = nulls && random.nextInt(4) == 0;
      for (int i = 0; i < count; i++) {
        boolean isNull = some && random.nextInt(50) == 0;
        slice[i] = isNull ? NULL : key.applyAsLong(i);
        OffHeap.putLong(keys + 8L * i, isNull ? random.nextInt(9) : slice[i]);
        int bits = OffHeap.getByte(validity + (i >> 3));
        int bit = 1 << (i & 7);
        OffHeap.putByte(validity + (i >> 3), (byte) (isNull ? bits & ~bit : bits | bit));
      }
      ColumnDescriptor.set(column, some ? validity : 0, keys, 0);
    }

    private void group(int count) {
      table.group(column, 0, 0, count, out);
      check(count, true);
    }

    private void place(int count) {
      table.place(column, 0, 0, count, out);
      check(count, true);
    }

    private void add(int count) {
      table.hash(column, 0, 0, count, hashes);
      table.addHashed(column, 0, 0, count, hashes, out);
      for (int i = 0; i < count; i++) {
        long row = OffHeap.getLong(out + 8L * i);
        boolean isNew = !rows.containsKey(slice[i]);
        if (isNew != (row != 0)) {
          assertThat(row != 0).as(what() + " key=" + slice[i]).isEqualTo(isNew);
        }
        rows.putIfAbsent(slice[i], row);
      }
    }

    private void check(int count, boolean makes) {
      for (int i = 0; i < count; i++) {
        long row = OffHeap.getLong(out + 8L * i);
        if (makes) {
          rows.putIfAbsent(slice[i], row);
        }
        long expected = rows.getOrDefault(slice[i], 0L);
        if (row != expected) {
          assertThat(row).as(what() + " key=" + slice[i]).isEqualTo(expected);
        }
      }
    }

    void remove(int count) {
      table.find(column, 0, 0, count, out);
      int found = 0;
      for (int i = 0; i < count; i++) {
        long row = OffHeap.getLong(out + 8L * i);
        OffHeap.putLong(out + 8L * found, row);
        found += row != 0 && rows.remove(slice[i]) != null ? 1 : 0;
      }
      table.remove(out, found);
    }

    /** Every key there is leads to its row, and the rows are all there are. */
    void checkAll() {
      int count = 0;
      for (long key : rows.keySet().stream().mapToLong(Long::longValue).toArray()) {
        slice[count] = key;
        OffHeap.putLong(keys + 8L * count, key);
        if (key != NULL && ++count == SLICE) {
          findAll(count);
          count = 0;
        }
      }
      findAll(count);
      assertThat(TableFixture.rows(table)).as(what()).hasSize(rows.size());
    }

    private void findAll(int count) {
      ColumnDescriptor.set(column, 0, keys, 0);
      table.find(column, 0, 0, count, out);
      check(count, false);
    }

    @Override
    public void close() {
      table.close();
      arena.close();
      memory.close();
    }
  }

  private String what() {
    return "seed=" + seed;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 10, 1_000_000})
  void keysComeInAnyOrder(long step) {
    try (Checked checked = new Checked()) {
      checked.run(250, true, i -> step * (random.nextInt(400_000) - 100_000));
      checked.checkAll();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1, 60, -1_000_000})
  void keysComeInOrder(long step) {
    try (Checked checked = new Checked()) {
      long[] next = {7};
      checked.run(150, false, i -> next[0] += step);
      checked.run(50, true, i -> next[0] - step * random.nextInt(300_000));
      checked.checkAll();
    }
  }

  /** Also while rows are being moved to pages. */
  @Test
  void farKeysComeAmongDenseOnes() {
    for (int round = 0; round < 12; round++) {
      try (Checked checked = new Checked()) {
        int rare = 1 << (10 + random.nextInt(8));
        checked.run(
            60,
            false,
            i -> random.nextInt(rare) == 0 ? random.nextLong() : random.nextInt(250_000));
        checked.checkAll();
      }
    }
  }

  /** As in one of several tables that neighbours share. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void keysLieInStretches(int farOf1000) {
    long factor = random.nextLong() | 1;
    try (Checked checked = new Checked()) {
      checked.run(
          200,
          true,
          i -> {
            long key = random.nextInt(-200_000, 1_500_000);
            while ((NeighbourRoutes.stretch(key) * factor) >>> 61 != 0) {
              key = random.nextInt(-200_000, 1_500_000);
            }
            return random.nextInt(1_000) < farOf1000 ? key << 20 : key;
          });
      checked.checkAll();
    }
  }

  /**
   * Stretches that had no key when rows were moved to pages get single ones: too few for a page.
   */
  @Test
  void thinKeysComeBetweenDenseOnes() {
    for (int round = 0; round < 6; round++) {
      try (Checked checked = new Checked()) {
        int rare = 4 << random.nextInt(10);
        checked.run(40, true, i -> random.nextInt(40_000));
        checked.run(
            80,
            true,
            i -> random.nextInt(rare) == 0 ? random.nextInt(2_500_000) : random.nextInt(60_000));
        checked.run(80, true, i -> random.nextInt(2_500_000));
        checked.checkAll();
      }
    }
  }

  /** So many that rows are moved back to the directory, and once more to pages. */
  @Test
  void keysAreDenseAtFirstOnly() {
    try (Checked checked = new Checked()) {
      checked.run(100, true, i -> random.nextInt(200_000));
      checked.run(
          250, true, i -> random.nextInt(3) == 0 ? random.nextInt(200_000) : random.nextLong());
      checked.checkAll();
    }
    try (Checked checked = new Checked()) {
      checked.run(80, false, i -> random.nextInt(150_000));
      checked.run(60, true, i -> 900_000 + random.nextInt(150_000));
      checked.run(100, true, i -> random.nextInt(1_050_000));
      checked.checkAll();
    }
  }

  /** As numbers given one after the other are: those that are removed never come back. */
  @Test
  void aFewKeysMoveOn() {
    try (Checked checked = new Checked()) {
      long[] next = {0};
      for (int round = 0; round < 60; round++) {
        checked.run(8, false, i -> next[0] + random.nextInt(40_000));
        for (long from = next[0]; from < next[0] + 20_000; from += SLICE) {
          long first = from;
          checked.fill(SLICE, false, i -> first + i);
          checked.remove((int) Math.min(SLICE, next[0] + 20_000 - from));
        }
        next[0] += 20_000;
      }
      checked.checkAll();
    }
  }

  @Test
  void aTableIsClearedAtAnyTime() {
    try (Checked checked = new Checked()) {
      for (int round = 0; round < 6; round++) {
        checked.run(10 + random.nextInt(60), false, i -> random.nextInt(250_000));
        checked.table.clear();
        checked.rows.clear();
        checked.table.changes().beginEpoch(2 + round);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void groupsStayWholeWhenMemoryIsRefused(boolean inOrder) {
    boolean refused = true;
    for (int allowed = 4; refused; allowed++) {
      try (Checked checked = new Checked()) {
        checked.memory.refuseAfter(allowed);
        refused = !isFilled(checked, inOrder);
        checked.memory.refuseAfter(Long.MAX_VALUE);
        // The slice that was refused may have made some groups.
        int keyOffset = checked.table.layout().keyOffset(0);
        for (long row : TableFixture.rows(checked.table)) {
          checked.rows.putIfAbsent(OffHeap.getLong(row + keyOffset), row);
        }
        checked.checkAll();
        checked.run(20, false, i -> random.nextInt(200_000));
        checked.checkAll();
      }
    }
  }

  /** Whether there is memory for so many groups that they are in pages. */
  private boolean isFilled(Checked checked, boolean inOrder) {
    long[] next = {0};
    try {
      while (checked.table.size() < 100_000) {
        checked.fill(SLICE, false, i -> inOrder ? next[0]++ : random.nextInt(150_000));
        checked.group(SLICE);
      }
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
