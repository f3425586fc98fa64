package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ranges of rows added up together, beside sums of each range value by value. */
class RangeSumsTest {
  private static final int ROWS = 300;
  private static final int RANGES = 200;

  private static final List<AccumulatorPlan> VALUES =
      List.of(
          Accumulators.countAll(),
          Accumulators.count(ValueKind.I64),
          Accumulators.sumLong(ValueKind.I64),
          Accumulators.trySumLong(ValueKind.I64),
          Accumulators.sumDouble(ValueKind.F64),
          Accumulators.average(ValueKind.F64));

  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void smallIntegersAndDoubles() {
    List<@Nullable Long> longs = longs(1L << 40);
    List<@Nullable Double> doubles = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      doubles.add(random.nextInt(4) == 0 ? null : random.nextInt(-400, 400) / 4.0);
    }
    for (int lengthMax : new int[] {1, 2, 7, 8, 9, 17, ROWS}) {
      check(longs, doubles, lengthMax);
    }
  }

  @Test
  void doublesThatAreNoNumbersStayInTheirRanges() {
    List<@Nullable Double> doubles = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      doubles.add(
          switch (random.nextInt(40)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3, 4, 5 -> -0.0;
            case 6 -> 0x1p1000;
            default -> 0.25;
          });
    }
    check(longs(100), doubles, 20);
  }

  @Test
  void integersWhoseSumsJustFit() {
    List<@Nullable Long> longs = new ArrayList<>();
    List<@Nullable Double> doubles = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      longs.add(i % 2 == 0 ? Long.MAX_VALUE : Long.MIN_VALUE + 1);
      doubles.add(null);
    }
    check(longs, doubles, 20);
  }

  @Test
  void noRanges() {
    try (TestMemory memory = new TestMemory();
        GroupTable table =
            new GroupTable(
                new GroupTablePlan(List.of(ValueKind.I64), VALUES), KeyHash.seeded(7), memory)) {
      table.states().mergeRanges(0, 0, 0, 0);
    }
  }

  private List<@Nullable Long> longs(long bound) {
    List<@Nullable Long> longs = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      longs.add(random.nextInt(5) == 0 ? null : random.nextLong(-bound, bound));
    }
    return longs;
  }

  private void check(List<@Nullable Long> longs, List<@Nullable Double> doubles, int lengthMax) {
    List<List<@Nullable Object>> input = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Long integer = longs.get(i);
      Double real = doubles.get(i);
      input.add(Arrays.asList((long) i, null, integer, integer, integer, real, real));
    }
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table =
            new GroupTable(
                new GroupTablePlan(List.of(ValueKind.I64), VALUES), KeyHash.seeded(7), memory)) {
      TableFixture.add(table, input, 64);
      List<Long> rows = TableFixture.rows(table);
      List<List<@Nullable Object>> keys = TableFixture.keys(table, rows);
      List<Integer> order = keys.stream().map(key -> ((Long) key.getFirst()).intValue()).toList();
      Columns columns = new Columns(arena);
      int rowBytes = table.layout().rowBytes();
      long made = columns.bytes((long) RANGES * rowBytes);
      long ranges = columns.bytes(8L * RANGES);
      List<Long> targets = new ArrayList<>();
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (int i = 0; i < RANGES; i++) {
        int length = 1 + random.nextInt(lengthMax);
        int from = random.nextInt(ROWS - length + 1);
        targets.add(made + (long) i * rowBytes);
        table.states().beginRow(targets.getLast(), i, rowBytes);
        OffHeap.putInt(ranges + 8L * i, from);
        OffHeap.putInt(ranges + 8L * i + 4, from + length);
        List<Integer> positions = order.subList(from, from + length);
        expected.add(sums(at(positions, longs), at(positions, doubles)));
      }
      long sources = TableFixture.addresses(columns, rows);
      // In two parts: positions of the second do not begin with 0.
      int some = RANGES / 3;
      long addresses = TableFixture.addresses(columns, targets);
      table.states().mergeRanges(addresses, ranges, sources, some);
      table.states().mergeRanges(addresses + 8L * some, ranges + 8L * some, sources, RANGES - some);
      assertThat(TableFixture.results(table, targets)).isEqualTo(expected);
    }
  }

  private static <T> List<@Nullable T> at(List<Integer> positions, List<@Nullable T> all) {
    List<@Nullable T> values = new ArrayList<>();
    positions.forEach(position -> values.add(all.get(position)));
    return values;
  }

  private static List<@Nullable Object> sums(
      List<@Nullable Long> longs, List<@Nullable Double> doubles) {
    List<Long> integers = longs.stream().filter(Objects::nonNull).toList();
    List<Double> reals = doubles.stream().filter(Objects::nonNull).toList();
    Long sum = integers.isEmpty() ? null : (Long) integers.stream().mapToLong(i -> i).sum();
    double total = 0;
    for (double real : reals) {
      total += real;
    }
    return Arrays.asList(
        (long) longs.size(),
        (long) integers.size(),
        sum,
        sum,
        reals.isEmpty() ? null : (Double) total,
        reals.isEmpty() ? null : (Double) (total / reals.size()));
  }
}
