package io.arrowmill.state.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.state.ArrowMemorySource;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows that are staged, stored and meet the other side's, against lists of numbers. Closing the
 * allocator is the leak check.
 */
class StoredStageTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.DOUBLE)
          .add("time", DataTypes.TIMESTAMP)
          .add("n", DataTypes.INTEGER);
  private static final StoredColumns COLUMNS = new StoredColumns(SCHEMA, List.of(0), 1);
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private BufferAllocator allocator = new RootAllocator();
  private ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "test.limit");
  private StoredSide left = side(3);
  private StoredSide right = left.other(COLUMNS);

  @AfterEach
  void close() {
    right.close();
    left.close();
    memory.close();
    allocator.close();
  }

  private StoredSide side(int partitions) {
    StoredSide.Memory from = new StoredSide.Memory(memory, allocator);
    return new StoredSide(COLUMNS, List.of(ValueKind.F64), partitions, KeyHash.seeded(7), from);
  }

  private void limit(long bytes) {
    close();
    allocator = new RootAllocator(bytes);
    memory = new ArrowMemorySource(allocator, "test", "test.limit");
    left = side(3);
    right = left.other(COLUMNS);
  }

  private static Row row(@Nullable Double key, long micros, int n) {
    return Row.of(key, Instant.EPOCH.plus(micros, ChronoUnit.MICROS), n);
  }

  /** Puts rows into a stage, by the partition of their keys. */
  private void fill(StoredSide side, StoredStage stage, List<Row> rows) {
    try (RecordBatch batch = BatchBuilder.batch(SCHEMA, rows, allocator);
        ColumnDescriptors keys = new ColumnDescriptors(1, memory);
        GroupTable hasher = side.hasher(memory)) {
      keys.set(batch, new int[] {0});
      boolean[] hasNulls = StoredStage.hasNulls(batch);
      long block = memory.allocate(20L * SLICE);
      try {
        for (int start = 0; start < rows.size(); start += SLICE) {
          int count = Math.min(SLICE, rows.size() - start);
          hasher.hash(keys.address(), 0, start, count, block);
          for (int p = 0; p < side.partitionCount(); p++) {
            int chosen = choose(block, start, count, p, side.partitionCount());
            stage.add(p, batch, hasNulls, block + 16L * SLICE, chosen, block + 8L * SLICE);
          }
        }
      } finally {
        memory.free(block, 20L * SLICE);
      }
    }
  }

  private static int choose(long block, int start, int count, int partition, int partitions) {
    int chosen = 0;
    for (int i = 0; i < count; i++) {
      long hash = OffHeap.getLong(block + 8L * i);
      if (KeyHash.partition(hash, partitions) == partition) {
        OffHeap.putLong(block + 8L * SLICE + 8L * chosen, hash);
        OffHeap.putInt(block + 16L * SLICE + 4L * chosen++, start + i);
      }
    }
    return chosen;
  }

  /**
   * Stores rows and returns, for the number of each, the numbers of the other side's rows with its
   * key, the newest first.
   */
  private Map<Integer, List<Integer>> store(StoredSide side, List<Row> rows) {
    Map<Integer, List<Integer>> met = new HashMap<>();
    StoredSide others = side.equals(left) ? right : left;
    try (StoredStage stage = side.stage()) {
      for (int from = 0; from < rows.size(); from += RecordBatch.ROWS_MAX) {
        int to = Math.min(rows.size(), from + RecordBatch.ROWS_MAX);
        fill(side, stage, rows.subList(from, to));
      }
      for (int p = 0; p < side.partitionCount(); p++) {
        StoredRows own = side.partitions().get(p);
        StoredRows other = others.partitions().get(p);
        own.storeAll(
            stage,
            p,
            (first, count, heads) -> {
              for (int i = 0; i < count; i++) {
                List<Integer> chain = new ArrayList<>();
                for (long ref = OffHeap.getLong(heads + 8L * i);
                    ref != RowRef.NONE;
                    ref = other.next(ref)) {
                  chain.add(number(other, ref));
                }
                met.put(number(own, first + i), chain);
              }
            });
      }
    }
    return met;
  }

  private static int number(StoredRows rows, long ref) {
    return (int) rows.segment(ref).columns.get(2).getObject(RowRef.index(ref));
  }

  private static long expire(StoredSide side, long bound) {
    long gone = 0;
    for (StoredRows rows : side.partitions()) {
      gone += rows.expire(bound, (refs, count) -> {});
    }
    return gone;
  }

  private static List<Row> rows(int from, int to, IntFunction<@Nullable Double> key) {
    List<Row> rows = new ArrayList<>();
    for (int n = from; n < to; n++) {
      rows.add(row(key.apply(n), n, n));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 255, 256, 257, 5_000, 60_000})
  void rowsFindTheOtherSidesRowsOfTheirKeyNewestFirst(int count) {
    int keys = Math.max(1, count / 3);
    IntFunction<@Nullable Double> key = n -> n % keys == 0 ? null : (double) (n % keys);
    assertThat(store(left, rows(0, count, key)).values()).allMatch(List::isEmpty);

    Map<Integer, List<Integer>> met = store(right, rows(0, keys, key));

    assertThat(met).hasSize(keys);
    for (int n = 0; n < keys; n++) {
      List<Integer> expected = new ArrayList<>();
      for (int other = n; other < count; other += keys) {
        expected.addFirst(other);
      }
      assertThat(met.get(n)).isEqualTo(expected);
    }
  }

  @Test
  void everyNanIsOneKeyAndZeroHasNoSign() {
    double otherNan = Double.longBitsToDouble(0x7ff8_0000_0000_0123L);
    store(left, List.of(row(Double.NaN, 1, 1), row(-0.0, 1, 2), row(null, 1, 3)));

    Map<Integer, List<Integer>> met =
        store(right, List.of(row(otherNan, 1, 1), row(0.0, 1, 2), row(null, 1, 3)));

    assertThat(met).isEqualTo(Map.of(1, List.of(1), 2, List.of(2), 3, List.of(3)));
  }

  @Test
  void aKeyStaysWhileEitherSideHasIt() {
    for (int round = 0; round < 4; round++) {
      int start = round * 20_000;
      store(left, rows(start, start + 20_000, n -> (double) (n % 7_000)));
      store(right, rows(start, start + 10, n -> (double) (n % 7_000)));
      assertThat(expire(left, start + 19_999)).isEqualTo(20_000);
      // The right rows are still found, and the left side's new rows stand alone.
      Map<Integer, List<Integer>> met = store(left, rows(start, start + 10, n -> n % 7_000.0));
      for (int n = start; n < start + 10; n++) {
        assertThat(met.get(n)).containsExactly(n);
      }
      assertThat(expire(right, start + 9)).isEqualTo(10);
      assertThat(expire(left, start + 9)).isEqualTo(10);
      assertThat(left.size() + right.size()).isZero();
    }
  }

  @Test
  void manyRowsOfOneKeyTakeNoLongerThanRowsOfMany() {
    int count = 400_000;

    store(left, rows(0, count, n -> 1.0));

    assertThat(expire(left, count / 2 - 1)).isEqualTo(count / 2);
    Map<Integer, List<Integer>> met = store(right, rows(0, 1, n -> 1.0));
    assertThat(met.get(0)).hasSize(count / 2).startsWith(count - 1).endsWith(count / 2);
    assertThat(expire(left, count)).isEqualTo(count / 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void memoryThatIsRefusedLeavesNothingBehind(long seed) {
    limit(1_000_000 + new Random(seed).nextInt(6_000_000));

    assertThatThrownBy(
            () -> {
              for (int round = 0; round < 100; round++) {
                int start = round * 10_000;
                StoredSide side = round % 2 == 0 ? left : right;
                store(side, rows(start, start + 10_000, n -> (double) n));
              }
            })
        .as("seed=%d", seed)
        .isInstanceOfAny(OutOfMemoryException.class, ArrowmillException.class)
        .hasMessageContaining("limit");
  }
}
