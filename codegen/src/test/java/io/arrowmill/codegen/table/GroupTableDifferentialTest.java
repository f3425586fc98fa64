package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds tables of random plans against {@link java.util.HashMap}. */
class GroupTableDifferentialTest {
  private static final KeyHash HASH = KeyHash.seeded(42);

  /** A random plan with random rows. */
  record Draw(List<ValueKind> keys, List<Oracle.Case> cases, List<List<@Nullable Object>> rows) {
    GroupTablePlan plan() {
      return new GroupTablePlan(keys, cases.stream().map(Oracle.Case::plan).toList());
    }
  }

  static Draw draw(Random random, int rowCount, int distinct) {
    ValueKind[] kinds = ValueKind.values();
    List<ValueKind> keys = new ArrayList<>();
    for (int k = random.nextInt(4); k > 0; k--) {
      keys.add(kinds[random.nextInt(kinds.length)]);
    }
    List<Oracle.Case> cases = new ArrayList<>();
    List<ValueKind> inputs = new ArrayList<>();
    for (int a = random.nextInt(6); a > 0; a--) {
      ValueKind kind = kinds[random.nextInt(kinds.length)];
      List<Oracle.Case> choices = Oracle.cases(kind);
      cases.add(choices.get(random.nextInt(choices.size())));
      inputs.add(kind);
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < rowCount; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      keys.forEach(kind -> row.add(Oracle.value(random, kind, distinct)));
      inputs.forEach(kind -> row.add(Oracle.value(random, kind, 50)));
      rows.add(row);
    }
    return new Draw(keys, cases, rows);
  }

  private static void check(Draw draw, KeyHash hash, int sliceRows, long seed) {
    try (TestMemory memory = new TestMemory()) {
      try (GroupTable table = new GroupTable(draw.plan(), hash, memory)) {
        TableFixture.add(table, draw.rows(), sliceRows);
        assertThat(Oracle.canonicalResults(TableFixture.groups(table)))
            .as("seed=%d plan=%s", seed, draw.plan())
            .isEqualTo(Oracle.groups(draw.keys().size(), draw.cases(), draw.rows()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 63, 64, 65, 500})
  void groupsAsHashMapDoes(int rowCount) {
    for (int i = 0; i < 25; i++) {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      check(draw(random, rowCount, 1 + random.nextInt(100)), HASH, 64, seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 0x0000_FFFF_0000_0000L})
  void groupsWhenEveryHashIsAlike(long hash) {
    for (int i = 0; i < 10; i++) {
      long seed = System.nanoTime();
      check(draw(new Random(seed), 700, 100), new TableFixture.Constant(hash), 100, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(ValueKind.class)
  void groupsBySelectedRows(ValueKind kind) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Oracle.Case sum = Oracle.cases(kind).getLast();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    List<List<@Nullable Object>> chosen = new ArrayList<>();
    List<Integer> selected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(Oracle.value(random, kind, 20));
      row.add(Oracle.value(random, kind, 20));
      rows.add(row);
      if (random.nextBoolean()) {
        selected.add(i);
        chosen.add(row);
      }
    }
    try (TestMemory memory = new TestMemory()) {
      GroupTablePlan plan = new GroupTablePlan(List.of(kind), List.of(sum.plan()));
      try (GroupTable table = new GroupTable(plan, HASH, memory)) {
        int[] selection = selected.stream().mapToInt(i -> i).toArray();
        TableFixture.add(table, rows, selection, 32);
        assertThat(Oracle.canonicalResults(TableFixture.groups(table)))
            .as("seed=%d", seed)
            .isEqualTo(Oracle.groups(1, List.of(sum), chosen));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ValueKind.class)
  void mergesTablesAsIfTheirRowsHadComeToOne(ValueKind kind) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Oracle.Case> cases = Oracle.cases(kind);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(Oracle.value(random, ValueKind.I32, 100));
      row.add(Oracle.value(random, ValueKind.BYTES, 10));
      cases.forEach(c -> row.add(Oracle.value(random, kind, 40)));
      rows.add(row);
    }
    GroupTablePlan plan =
        new GroupTablePlan(
            List.of(ValueKind.I32, ValueKind.BYTES),
            cases.stream().map(Oracle.Case::plan).toList());
    try (TestMemory memory = new TestMemory()) {
      try (GroupTable table = new GroupTable(plan, HASH, memory)) {
        for (int part = 0; part < 4; part++) {
          try (GroupTable local = new GroupTable(plan, HASH, memory)) {
            TableFixture.add(local, rows.subList(part * 250, part * 250 + 250), 128);
            table.mergeFrom(local);
          }
        }
        assertThat(Oracle.canonicalResults(TableFixture.groups(table)))
            .as("seed=%d", seed)
            .isEqualTo(Oracle.groups(2, cases, rows));
      }
    }
  }
}
