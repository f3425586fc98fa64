package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Aggregates at their limits, and their states on the way to storage and back. */
class AccumulatorsTest {
  private static final KeyHash HASH = KeyHash.seeded(11);

  /** The aggregate of one group over the values. */
  private static @Nullable Object aggregate(AccumulatorPlan aggregate, @Nullable Object... values) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(new ArrayList<>(Arrays.asList(value)));
    }
    GroupTablePlan plan = new GroupTablePlan(List.of(), List.of(aggregate));
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      table.globalRow();
      TableFixture.add(table, rows, 3);
      return TableFixture.groups(table).values().iterator().next().get(0);
    }
  }

  @Test
  void varianceAndStandardDeviation() {
    Object[] values = {2.0, 4.0, 4.0, 4.0, null, 5.0, 5.0, 7.0, 9.0};
    assertThat((Double) aggregate(Accumulators.stddevPopulation(ValueKind.F64), values))
        .isCloseTo(2.0, within(1e-12));
    assertThat((Double) aggregate(Accumulators.variancePopulation(ValueKind.F64), values))
        .isCloseTo(4.0, within(1e-12));
    assertThat((Double) aggregate(Accumulators.varianceSample(ValueKind.F64), values))
        .isCloseTo(32.0 / 7, within(1e-12));
    assertThat((Double) aggregate(Accumulators.stddevSample(ValueKind.I32), 1L, 3L))
        .isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(aggregate(Accumulators.varianceSample(ValueKind.F64), 3.0)).isNull();
    assertThat(aggregate(Accumulators.variancePopulation(ValueKind.F64), 3.0)).isEqualTo(0.0);
    assertThat(aggregate(Accumulators.variancePopulation(ValueKind.F64))).isNull();
  }

  @Test
  void mergedVarianceIsThatOfAllValues() {
    GroupTablePlan plan =
        new GroupTablePlan(List.of(), List.of(Accumulators.variancePopulation(ValueKind.F64)));
    Object[] values = {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0};
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      for (Object value : values) {
        try (GroupTable part = new GroupTable(plan, HASH, memory)) {
          TableFixture.add(part, List.of(new ArrayList<>(Arrays.asList(value))), 1);
          table.mergeFrom(part);
        }
      }
      Object variance = TableFixture.groups(table).values().iterator().next().get(0);
      assertThat((Double) variance).isCloseTo(4.0, within(1e-12));
    }
  }

  @Test
  void decimalSumsKeepToTheirPrecision() {
    BigInteger most = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);
    BigInteger one = BigInteger.ONE;
    assertThat(aggregate(Accumulators.sumDecimal(38), most, one.negate(), null, one))
        .isEqualTo(most);
    assertThat(aggregate(Accumulators.sumDecimal(38), most.negate(), one))
        .isEqualTo(most.negate().add(one));
    assertThat(aggregate(Accumulators.trySumDecimal(38), most, one)).isNull();
    assertThat(aggregate(Accumulators.trySumDecimal(38), most.negate(), one.negate())).isNull();
    assertThat(aggregate(Accumulators.trySumDecimal(2), BigInteger.valueOf(99), one)).isNull();
    assertThat(aggregate(Accumulators.sumDecimal(2), BigInteger.valueOf(98), one))
        .isEqualTo(BigInteger.valueOf(99));
    assertThatThrownBy(
            () -> aggregate(Accumulators.sumDecimal(2), BigInteger.valueOf(-99), one.negate()))
        .isInstanceOf(GroupTableException.class)
        .hasMessageStartingWith("[ARITHMETIC_OVERFLOW] sum must have at most 2 digits");
    assertThat(aggregate(Accumulators.sumDecimal(38), (Object) null)).isNull();
  }

  @Test
  void decimalAveragesRoundHalfUp() {
    AccumulatorPlan average = Accumulators.averageDecimal(38, 1);
    BigInteger one = BigInteger.ONE;
    BigInteger two = BigInteger.TWO;
    // 4/3 = 1.33, 5/3 = 1.67, 1/4 = 0.25, -1/4 = -0.25, in tenths
    assertThat(aggregate(average, one, one, two)).isEqualTo(BigInteger.valueOf(13));
    assertThat(aggregate(average, two, one, two)).isEqualTo(BigInteger.valueOf(17));
    BigInteger zero = BigInteger.ZERO;
    assertThat(aggregate(average, one, zero, zero, zero)).isEqualTo(BigInteger.valueOf(3));
    assertThat(aggregate(average, one.negate(), zero, zero, zero))
        .isEqualTo(BigInteger.valueOf(-3));
    assertThat(aggregate(average, null, null)).isNull();
  }

  @Test
  void extremesOrderNanLastAndZerosAlike() {
    assertThat(
            aggregate(Accumulators.max(ValueKind.F64), 1.0, Double.NaN, Double.POSITIVE_INFINITY))
        .isEqualTo(Double.NaN);
    assertThat(aggregate(Accumulators.min(ValueKind.F32), Double.NaN, 1.0)).isEqualTo(1.0);
    assertThat(aggregate(Accumulators.min(ValueKind.F64), 0.0, -0.0)).isEqualTo(0.0);
    assertThat(aggregate(Accumulators.max(ValueKind.F64), -0.0, 0.0)).isEqualTo(-0.0);
    assertThat(aggregate(Accumulators.max(ValueKind.I64), Long.MIN_VALUE))
        .isEqualTo(Long.MIN_VALUE);
    assertThat(aggregate(Accumulators.max(ValueKind.BOOL), false, null, true)).isEqualTo(true);
  }

  @ParameterizedTest
  @EnumSource(ValueKind.class)
  void statesComeBackFromStorage(ValueKind kind) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Oracle.Case> cases = Oracle.cases(kind);
    GroupTablePlan plan =
        new GroupTablePlan(
            List.of(ValueKind.I64, ValueKind.BYTES),
            cases.stream().map(Oracle.Case::plan).toList());
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(Oracle.value(random, ValueKind.I64, 5));
      row.add(Oracle.value(random, ValueKind.BYTES, 30));
      cases.forEach(c -> row.add(Oracle.value(random, kind, 40)));
      rows.add(row);
    }
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory);
        GroupTable copy = new GroupTable(plan, HASH, memory)) {
      TableFixture.add(table, rows.subList(0, 300), 64);
      // What the copy held for its groups before is replaced by what comes from storage.
      TableFixture.add(copy, rows.subList(100, 200), 64);
      copyStates(table, copy);
      TableFixture.add(copy, rows.subList(300, 600), 64);
      Map<List<@Nullable Object>, List<@Nullable Object>> expected = Oracle.groups(2, cases, rows);
      assertThat(Oracle.canonicalResults(TableFixture.groups(copy)))
          .as("seed=%d", seed)
          .isEqualTo(expected);
    }
  }

  private static void copyStates(GroupTable from, GroupTable to) {
    List<Long> rowList = TableFixture.rows(from);
    int count = rowList.size();
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      long rows = TableFixture.addresses(columns, rowList);
      List<ValueKind> keys = from.plan().keys();
      long keyBlock = columns.bytes((long) ColumnDescriptor.BYTES * keys.size());
      for (int k = 0; k < keys.size(); k++) {
        long column = columns.allocate(keys.get(k), count, from.readKeysBytes(k, rows, count));
        from.readKeys(k, rows, count, column, 0);
        ColumnDescriptor.set(
            ColumnDescriptor.at(keyBlock, k),
            ColumnDescriptor.validity(column),
            ColumnDescriptor.data(column),
            ColumnDescriptor.offsets(column));
      }
      long targets = columns.bytes(8L * count);
      to.group(keyBlock, 0, 0, count, targets);
      for (int a = 0; a < from.plan().accumulators().size(); a++) {
        List<StateColumn> states = from.plan().accumulators().get(a).stateColumns();
        for (int s = 0; s < states.size(); s++) {
          long bytes = from.states().exportBytes(a, s, rows, count);
          long column = columns.allocate(states.get(s).kind(), count, bytes);
          from.states().exportState(a, s, rows, count, column, 0);
          to.states().importState(a, s, targets, column, 0, 0, count);
        }
      }
    }
  }
}
