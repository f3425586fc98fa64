package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of one dense integer key, whose groups are found while they are added. */
class KeyedRowsTest {
  private static final KeyHash HASH = KeyHash.seeded(31);
  private static final List<ValueKind> KEY_KINDS =
      List.of(ValueKind.I64, ValueKind.I32, ValueKind.I16);
  private static final List<ValueKind> INPUT_KINDS =
      List.of(ValueKind.I64, ValueKind.F64, ValueKind.I32, ValueKind.BOOL, ValueKind.F32);

  /** What the rows of a round look like. */
  private record Shape(int keys, boolean farKeys, boolean nullKeys, boolean nullInputs) {
    static Shape draw(Random random) {
      return new Shape(
          1 + random.nextInt(random.nextBoolean() ? 40 : 900),
          random.nextInt(4) == 0,
          random.nextInt(4) == 0,
          random.nextInt(4) == 0);
    }

    @Nullable Object key(Random random) {
      if (nullKeys && random.nextInt(50) == 0) {
        return null;
      }
      boolean far = farKeys && random.nextInt(100) == 0;
      return (long) random.nextInt(far ? 30_000 : keys);
    }

    @Nullable Object input(Random random, ValueKind kind) {
      Object value = Oracle.value(random, kind, 50);
      while (value == null && !nullInputs) {
        value = Oracle.value(random, kind, 50);
      }
      return value;
    }
  }

  private static Set<@Nullable Object> keys(GroupTable table, TableFixture.Walk walk) {
    List<Long> rows = TableFixture.walk(walk);
    Set<@Nullable Object> keys = new HashSet<>();
    TableFixture.keys(table, rows).forEach(key -> keys.add(key.getFirst()));
    return keys;
  }

  private static List<List<@Nullable Object>> rows(
      Random random, Shape shape, List<ValueKind> inputs, int count) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(shape.key(random));
      inputs.forEach(kind -> row.add(shape.input(random, kind)));
      rows.add(row);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 64, 65, 1_024})
  void addAsHashMapDoesAndCountAsChangedInEachEpoch(int sliceRows) {
    for (int round = 0; round < 40; round++) {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      List<Oracle.Case> cases = new ArrayList<>();
      List<ValueKind> inputs = new ArrayList<>();
      for (int a = random.nextInt(9); a > 0; a--) {
        ValueKind kind = INPUT_KINDS.get(random.nextInt(INPUT_KINDS.size()));
        List<Oracle.Case> choices = Oracle.cases(kind);
        cases.add(choices.get(random.nextInt(choices.size())));
        inputs.add(kind);
      }
      GroupTablePlan plan =
          new GroupTablePlan(
              List.of(KEY_KINDS.get(random.nextInt(KEY_KINDS.size()))),
              cases.stream().map(Oracle.Case::plan).toList());
      List<List<@Nullable Object>> all = new ArrayList<>();
      try (TestMemory memory = new TestMemory();
          GroupTable table = new GroupTable(plan, HASH, memory)) {
        for (int epoch = 1; epoch <= 4; epoch++) {
          table.changes().beginEpoch(epoch);
          List<List<@Nullable Object>> rows =
              rows(random, Shape.draw(random), inputs, random.nextInt(4_000));
          all.addAll(rows);
          TableFixture.add(table, rows, sliceRows);
          assertThat(keys(table, table.changes()::nextChanged))
              .as("seed=%d plan=%s epoch=%d", seed, plan, epoch)
              .isEqualTo(rows.stream().map(List::getFirst).collect(Collectors.toSet()));
        }
        assertThat(Oracle.canonicalResults(TableFixture.groups(table)))
            .as("seed=%d plan=%s", seed, plan)
            .isEqualTo(Oracle.groups(1, cases, all));
      }
    }
  }

  @Test
  void sumsThatDoNotFitNameTheirAggregate() {
    GroupTablePlan plan =
        new GroupTablePlan(
            List.of(ValueKind.I64),
            List.of(Accumulators.countAll(), Accumulators.sumLong(ValueKind.I64)));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long i = 0; i < 1_000; i++) {
      rows.add(new ArrayList<>(Arrays.asList(i % 100, null, i < 900 ? 1L : Long.MAX_VALUE)));
    }
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      assertThatThrownBy(() -> TableFixture.add(table, rows, 1_000))
          .isInstanceOfSatisfying(
              GroupTableException.class, e -> assertThat(e.accumulator()).isEqualTo(1));
    }
  }

  /** The generated walk by itself, over an index of eight keys that is written here. */
  @Test
  void walksUpToTheFirstRowThatIsNotReady() {
    AccumulatorPlan count = Accumulators.countAll();
    AccumulatorPlan sum = Accumulators.sumLong(ValueKind.I64);
    RowLayout layout = new RowLayout(List.of(ValueKind.I64), List.of(count, sum));
    RowStep countStep = Objects.requireNonNull(count.rowStep(layout.state(0)));
    RowStep sumStep = Objects.requireNonNull(sum.rowStep(layout.state(1)));
    RowUpdate update =
        RowUpdateCompiler.compile(
            List.of(
                new RowUpdateCompiler.Part(countStep, 0, ValueKind.I64, false),
                new RowUpdateCompiler.Part(sumStep, 1, ValueKind.I64, true)));
    int epoch = -7;
    long base = -3;
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      long table = columns.bytes(8L * layout.rowBytes());
      long entries = columns.bytes(8L * 8);
      for (int key = 0; key < 8; key++) {
        long row = table + (long) key * layout.rowBytes();
        // The last three keys lack a value, a touch and a row.
        OffHeap.putInt(row + RowLayout.EPOCH_OFFSET, key == 6 ? epoch - 1 : epoch);
        OffHeap.putByte(row + sumStep.flagByte(), (byte) (key == 5 ? 0 : sumStep.flagMask()));
        OffHeap.putLong(entries + 8L * key, key == 7 ? 0 : row);
      }
      for (long stop : new long[] {2, 3, 4, 5, -4, -5, Long.MIN_VALUE, Long.MAX_VALUE}) {
        for (int at : new int[] {0, 1, 4, 5}) {
          List<@Nullable Object> keys = new ArrayList<>(List.of(-3L, -2L, -1L, 0L, 1L));
          keys.add(at, stop);
          long keyColumn = columns.write(ValueKind.I64, keys);
          List<@Nullable Object> values = new ArrayList<>(Collections.nCopies(keys.size(), 10L));
          long inputs =
              columns.write(List.of(ValueKind.I64, ValueKind.I64), List.of(values, values));
          int added =
              update.keyed(ColumnDescriptor.data(keyColumn), base, 8, entries, epoch, inputs, 0, 6);
          assertThat(added).as("key=%d at=%d", stop, at).isEqualTo(at);
        }
      }
      // Of 8 keys that stopped the walk, each at 4 places: it came by the first key after 3 of
      // them.
      assertThat(OffHeap.getLong(table + layout.state(0).offset())).isEqualTo(8 * 3);
      assertThat(OffHeap.getLong(table + layout.state(1).offset())).isEqualTo(8 * 3 * 10);
      for (int key = 5; key < 7; key++) {
        long row = table + (long) key * layout.rowBytes();
        assertThat(OffHeap.getLong(row + layout.state(0).offset())).isZero();
      }
    }
  }
}
