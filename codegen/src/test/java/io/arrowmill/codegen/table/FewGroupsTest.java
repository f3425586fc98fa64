package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of few groups, whose rows are added group by group and whose keys fit a word. */
class FewGroupsTest {
  private static final KeyHash HASH = KeyHash.seeded(23);
  private static final BigInteger LIMIT = BigInteger.TEN.pow(38);

  /** Texts around the longest that are packed, for one to four keys. */
  private static final List<String> TEXTS =
      List.of("", "A", "N", "é", "ab", "abc", "abcd", "abcdefg", "abcdefgh", "\0", "\0\0");

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return new ArrayList<>(Arrays.asList(values));
  }

  private static @Nullable Object key(Random random, ValueKind kind, int texts) {
    if (kind == ValueKind.BYTES) {
      return random.nextInt(20) == 0 ? null : TEXTS.get(random.nextInt(texts));
    }
    return random.nextInt(20) == 0 ? null : (Object) (long) (random.nextInt(3) - 1);
  }

  private static @Nullable Object input(Random random, ValueKind kind, boolean plain) {
    if (!plain) {
      return Oracle.value(random, kind, 40);
    }
    return switch (kind) {
      case DECIMAL128 -> BigInteger.valueOf(random.nextLong() >> random.nextInt(64));
      default -> (Object) (long) random.nextInt(100);
    };
  }

  /** Aggregates that all can be updated a group at a time, and some that can't. */
  private static List<Oracle.Case> cases(Random random, ValueKind kind) {
    List<Oracle.Case> cases = new ArrayList<>(Oracle.cases(kind));
    if (random.nextBoolean()) {
      cases.removeIf(c -> c.name().contains("value") || c.name().matches("(first|last).*"));
    }
    if (kind == ValueKind.DECIMAL128 && random.nextBoolean()) {
      cases.removeIf(c -> c.name().startsWith("min") || c.name().startsWith("max"));
    }
    Collections.shuffle(cases, random);
    return cases;
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 64, 65, 255, 256, 257, 2_000})
  void groupsAndAggregatesAsHashMapDoes(int rowCount) {
    for (int round = 0; round < 40; round++) {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      List<ValueKind> keys = new ArrayList<>();
      for (int k = random.nextInt(6) - 1; k >= 0 && keys.size() < 4; k--) {
        keys.add(random.nextInt(3) == 0 ? ValueKind.I32 : ValueKind.BYTES);
      }
      ValueKind kind =
          List.of(ValueKind.DECIMAL128, ValueKind.I64, ValueKind.I32).get(random.nextInt(3));
      boolean plain = random.nextBoolean();
      int texts = 1 + random.nextInt(TEXTS.size());
      List<Oracle.Case> cases = cases(random, kind);
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (int i = 0; i < rowCount; i++) {
        List<@Nullable Object> row = new ArrayList<>();
        keys.forEach(key -> row.add(key(random, key, texts)));
        Object value = input(random, kind, plain);
        cases.forEach(c -> row.add(value));
        rows.add(row);
      }
      check(keys, cases, rows, random, seed);
    }
  }

  private static void check(
      List<ValueKind> keys,
      List<Oracle.Case> cases,
      List<List<@Nullable Object>> rows,
      Random random,
      long seed) {
    GroupTablePlan plan = new GroupTablePlan(keys, cases.stream().map(Oracle.Case::plan).toList());
    int[] selected =
        random.nextBoolean()
            ? null
            : IntStream.range(0, rows.size()).filter(i -> random.nextInt(9) > 0).toArray();
    List<List<@Nullable Object>> chosen =
        selected == null ? rows : Arrays.stream(selected).mapToObj(rows::get).toList();
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      TableFixture.add(table, rows, selected, random.nextBoolean() ? 300 : 1_024);
      assertThat(Oracle.canonicalResults(TableFixture.groups(table)))
          .as("seed=%d plan=%s", seed, plan)
          .isEqualTo(Oracle.groups(keys.size(), cases, chosen));
    }
  }

  private static List<List<@Nullable Object>> repeated(@Nullable Object value, int count) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row("A", value));
    }
    return rows;
  }

  private static @Nullable Object sum(
      AccumulatorPlan aggregate, List<List<@Nullable Object>> rows) {
    GroupTablePlan plan = new GroupTablePlan(List.of(ValueKind.BYTES), List.of(aggregate));
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      TableFixture.add(table, rows, 512);
      return TableFixture.groups(table).values().iterator().next().get(0);
    }
  }

  @Test
  void sumsOfLongsStillOverflow() {
    List<List<@Nullable Object>> rows = repeated(Long.MAX_VALUE / 600, 600);
    rows.add(row("A", Long.MAX_VALUE % 600));
    assertThat(sum(Accumulators.sumLong(ValueKind.I64), rows)).isEqualTo(Long.MAX_VALUE);
    rows.add(300, row("A", 1L));
    assertThatThrownBy(() -> sum(Accumulators.sumLong(ValueKind.I64), rows))
        .isInstanceOfSatisfying(
            GroupTableException.class,
            e ->
                assertThat(e.condition())
                    .isEqualTo(GroupTableException.Condition.ARITHMETIC_OVERFLOW));
  }

  @Test
  void sumsOfDecimalsStillOverflow() {
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
    assertThat(sum(Accumulators.sumDecimal(38), repeated(most, 5_000)))
        .isEqualTo(most.multiply(BigInteger.valueOf(5_000)));
    assertThat(sum(Accumulators.sumDecimal(38), repeated(most.not(), 5_000)))
        .isEqualTo(most.not().multiply(BigInteger.valueOf(5_000)));
    List<List<@Nullable Object>> rows = repeated(BigInteger.ONE, 600);
    rows.add(0, row("A", LIMIT.subtract(BigInteger.valueOf(601))));
    assertThat(sum(Accumulators.sumDecimal(38), rows)).isEqualTo(LIMIT.subtract(BigInteger.ONE));
    rows.add(row("A", BigInteger.ONE));
    assertThatThrownBy(() -> sum(Accumulators.sumDecimal(38), rows))
        .isInstanceOfSatisfying(
            GroupTableException.class,
            e ->
                assertThat(e.condition())
                    .isEqualTo(GroupTableException.Condition.ARITHMETIC_OVERFLOW));
    rows.add(row("A", BigInteger.TEN.negate()));
    // It had left 38 digits on the way.
    assertThatThrownBy(() -> sum(Accumulators.sumDecimal(38), rows))
        .isInstanceOf(GroupTableException.class);
  }

  @Test
  void forgetsGroupsThatWereRemoved() {
    GroupTablePlan plan =
        new GroupTablePlan(List.of(ValueKind.BYTES), List.of(Accumulators.countAll()));
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      List<List<@Nullable Object>> rows = repeated(null, 300);
      rows.add(row("B", null));
      TableFixture.add(table, rows, 1_024);
      TableFixture.add(table, rows, 1_024);
      List<Long> all = TableFixture.rows(table);
      table.remove(TableFixture.addresses(new Columns(arena), all), all.size());
      List<List<@Nullable Object>> others = new ArrayList<>();
      others.add(row("C", null));
      others.add(row("B", null));
      TableFixture.add(table, others, 1_024);
      assertThat(TableFixture.groups(table))
          .isEqualTo(
              java.util.Map.of(List.<@Nullable Object>of("C"), row(1L), List.of("B"), row(1L)));
      table.clear();
      TableFixture.add(table, rows, 1_024);
      assertThat(TableFixture.groups(table))
          .isEqualTo(java.util.Map.of(List.of("A"), row(300L), List.of("B"), row(1L)));
    }
  }

  @Test
  void groupsKnownByTheirWordCountAsTouched() {
    GroupTablePlan plan =
        new GroupTablePlan(List.of(ValueKind.BYTES), List.of(Accumulators.countAll()));
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      List<List<@Nullable Object>> rows = repeated(null, 300);
      TableFixture.add(table, rows, 1_024);
      TableFixture.add(table, rows, 1_024);
      table.changes().beginEpoch(1);
      assertThat(table.changes().changedCount()).isZero();
      TableFixture.add(table, rows, 1_024);
      assertThat(table.changes().changedCount()).isEqualTo(1);
    }
  }

  @Test
  void readsNothingBehindTheLastText() {
    GroupTablePlan plan =
        new GroupTablePlan(List.of(ValueKind.BYTES), List.of(Accumulators.countAll()));
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table = new GroupTable(plan, HASH, memory)) {
      Columns columns = new Columns(arena);
      long block = columns.write(ValueKind.BYTES, List.of("ab", "ab", "ab", "ab", "ab", "ab"));
      long out = columns.bytes(8 * 6);
      for (int round = 0; round < 3; round++) {
        table.group(block, 0, 0, 6, out);
        // What follows the texts in the buffer is not theirs.
        long data = io.arrowmill.codegen.memory.ColumnDescriptor.data(block);
        OffHeap.putByte(data + 12, (byte) ('x' + round));
      }
      assertThat(table.size()).isEqualTo(1);
    }
  }
}
