package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Joins of random keys against a nested loop. */
class JoinTableTest {
  private static final List<List<ValueKind>> SIGNATURES =
      List.of(
          List.of(),
          List.of(ValueKind.I64),
          List.of(ValueKind.I32),
          List.of(ValueKind.BOOL),
          List.of(ValueKind.F64),
          List.of(ValueKind.F32),
          List.of(ValueKind.DECIMAL128),
          List.of(ValueKind.BYTES),
          List.of(ValueKind.I32, ValueKind.I32),
          List.of(ValueKind.BOOL, ValueKind.I8, ValueKind.I16, ValueKind.I32),
          List.of(ValueKind.I64, ValueKind.I32),
          List.of(ValueKind.BYTES, ValueKind.I16, ValueKind.BYTES),
          List.of(ValueKind.DECIMAL128, ValueKind.F64, ValueKind.BYTES, ValueKind.I8));

  private static final KeyHash ALIKE = new TableFixture.Constant(0x7000_0000_0000_0000L);

  private record Pair(int probe, int build) {}

  private final TestMemory memory = new TestMemory();
  private final Arena arena = Arena.ofConfined();
  private final Columns columns = new Columns(arena);

  @AfterEach
  void close() {
    arena.close();
    memory.close();
  }

  @Test
  void findsWhatANestedLoopFinds() {
    long seed = System.nanoTime();
    System.out.println("JoinTableTest seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 6; round++) {
      for (List<ValueKind> kinds : SIGNATURES) {
        for (KeyHash hash : List.of(KeyHash.seeded(random.nextLong()), ALIKE)) {
          int build = new int[] {0, 1, 63, 64, 65, 2_500}[round];
          int domain = new int[] {1, 3, 1_000, 40, 1_000_000, 700}[random.nextInt(6)];
          boolean nulls = random.nextBoolean();
          check(
              kinds,
              keys(kinds, build, domain, nulls, random),
              keys(kinds, 1 + random.nextInt(1_500), domain, nulls, random),
              hash);
        }
      }
    }
  }

  @Test
  void findsEveryKeyOfAUniqueRange() {
    List<@Nullable Object> build = new ArrayList<>();
    for (long key = -700; key < 900; key++) {
      build.add(key);
    }
    List<@Nullable Object> probe = new ArrayList<>(build);
    Collections.addAll(probe, -701L, 900L, Long.MIN_VALUE, Long.MAX_VALUE, null, (1L << 32) - 700L);
    KeyHash hash = KeyHash.seeded(1);

    check(List.of(ValueKind.I64), List.of(build), List.of(probe), hash);
    Collections.shuffle(build, new Random(7));
    check(List.of(ValueKind.I64), List.of(build), List.of(probe), hash);
    build.set(5, null);
    check(List.of(ValueKind.I64), List.of(build), List.of(probe), hash);
  }

  @Test
  void knowsExtremesAndOneNanAndOneZero() {
    List<@Nullable Object> integers = new ArrayList<>();
    Collections.addAll(integers, Long.MIN_VALUE, -1L, 0L, null, 1L, Long.MAX_VALUE);
    check(List.of(ValueKind.I64), List.of(integers), List.of(integers), KeyHash.seeded(3));
    List<@Nullable Object> floats = new ArrayList<>();
    Collections.addAll(
        floats,
        Double.NaN,
        Double.longBitsToDouble(0x7ff8_0000_0000_0001L),
        0.0,
        -0.0,
        Double.NEGATIVE_INFINITY,
        null);
    check(List.of(ValueKind.F64), List.of(floats), List.of(floats), KeyHash.seeded(3));
  }

  @Test
  void tellsKeysOfOneHashApart() {
    Random random = new Random(11);
    for (int build = 1; build < 30; build++) {
      List<ValueKind> kinds = List.of(ValueKind.BYTES, ValueKind.I32);
      List<List<@Nullable Object>> keys = keys(kinds, build, 1_000_000, false, random);
      check(kinds, keys, keys, ALIKE);
      check(
          List.of(ValueKind.F64),
          keys(List.of(ValueKind.F64), build, 50, true, random),
          keys(List.of(ValueKind.F64), 80, 50, true, random),
          ALIKE);
    }
  }

  /** The word that stands for no key is a key like any other. */
  @Test
  void findsTheKeyThatLooksLikeAnEmptyEntry() {
    KeyHash hash = KeyHash.seeded(17);
    long empty;
    try (JoinKeys keys = new JoinKeys(List.of(ValueKind.I64), hash, memory)) {
      empty = keys.emptyWord();
    }
    List<@Nullable Object> with = List.of(empty, 5L, 0L, Long.MAX_VALUE);
    List<@Nullable Object> without = List.of(4L, 5L, 0L, Long.MAX_VALUE);
    check(List.of(ValueKind.I64), List.of(with), List.of(with), hash);
    check(List.of(ValueKind.I64), List.of(without), List.of(with), hash);
  }

  @Test
  void leavesNothingBehindWhenMemoryRefuses() {
    Random random = new Random(5);
    for (List<ValueKind> kinds : SIGNATURES) {
      List<List<@Nullable Object>> keys = keys(kinds, 3_000, 200, true, random);
      JoinTable.Input input = new JoinTable.Input(columns.write(kinds, keys), 3_000);
      int refusals = 0;
      for (int allowed = 0; allowed < 12; allowed++) {
        memory.refuseAfter(allowed);
        try (JoinTable table = new JoinTable(kinds, input, KeyHash.seeded(9), memory)) {
          assertThat(table.unique()).isFalse();
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageContaining("memory limit reached");
          refusals++;
        }
        assertThat(memory.allocated()).isZero();
      }
      assertThat(refusals).isGreaterThan(0);
    }
    memory.refuseAfter(0);
    assertThatThrownBy(
            () -> new JoinTable(List.of(ValueKind.I64), new JoinTable.Input(0, 0), ALIKE, memory))
        .hasMessageContaining("memory limit reached");
  }

  private void check(
      List<ValueKind> kinds,
      List<? extends List<? extends @Nullable Object>> build,
      List<? extends List<? extends @Nullable Object>> probe,
      KeyHash hash) {
    int buildRows = kinds.isEmpty() ? 3 : build.getFirst().size();
    int probeRows = kinds.isEmpty() ? 70 : probe.getFirst().size();
    List<Pair> expected = new ArrayList<>();
    for (int p = 0; p < probeRows; p++) {
      for (int b = 0; b < buildRows; b++) {
        if (equal(probe, p, build, b)) {
          expected.add(new Pair(p, b));
        }
      }
    }
    JoinTable.Input input = new JoinTable.Input(columns.write(kinds, build), buildRows);
    try (JoinTable table = new JoinTable(kinds, input, hash, memory);
        JoinProbe found = new JoinProbe(table, memory)) {
      long block = columns.write(kinds, probe);
      List<Pair> pairs =
          table.unique() ? rows(found, block, probeRows) : ranges(found, block, probeRows);
      assertThat(pairs).as("kinds=%s", kinds).isEqualTo(expected);
      if (found.findsAll(block, probeRows)) {
        assertThat(expected).hasSize(probeRows);
      }
    }
  }

  private List<Pair> rows(JoinProbe probe, long block, int count) {
    long found = columns.bytes(4L * count);
    int matched = probe.rows(block, count, found);
    long probeRows = columns.bytes(4L * count);
    long buildRows = columns.bytes(4L * count);
    int pairs = JoinPairs.matched(found, count, probeRows, buildRows);
    assertThat(pairs).isEqualTo(matched);
    int with = JoinPairs.selectRows(found, count, true, columns.bytes(4L * count));
    int without = JoinPairs.selectRows(found, count, false, columns.bytes(4L * count));
    assertThat(with).isEqualTo(matched);
    assertThat(without).isEqualTo(count - matched);
    return pairs(probeRows, buildRows, pairs);
  }

  private List<Pair> ranges(JoinProbe probe, long block, int count) {
    long heads = columns.bytes(4L * count);
    long counts = columns.bytes(4L * count);
    long matches = probe.ranges(block, count, heads, counts);
    int max = 50;
    long probeRows = columns.bytes(4L * max);
    long buildRows = columns.bytes(4L * max);
    JoinPairs all = new JoinPairs(probe.table(), heads, counts, count);
    List<Pair> pairs = new ArrayList<>();
    for (int n = all.next(probeRows, buildRows, max);
        n > 0;
        n = all.next(probeRows, buildRows, max)) {
      pairs.addAll(pairs(probeRows, buildRows, n));
    }
    assertThat(pairs).hasSize((int) matches);
    long withMatch = pairs.stream().mapToInt(Pair::probe).distinct().count();
    long selected = columns.bytes(4L * count);
    assertThat(JoinPairs.selectCounts(counts, count, true, selected)).isEqualTo((int) withMatch);
    return pairs;
  }

  private static List<Pair> pairs(long probeRows, long buildRows, int count) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pairs.add(new Pair(getInt(probeRows + 4L * i), getInt(buildRows + 4L * i)));
    }
    return pairs;
  }

  private static boolean equal(
      List<? extends List<? extends @Nullable Object>> left,
      int leftRow,
      List<? extends List<? extends @Nullable Object>> right,
      int rightRow) {
    for (int k = 0; k < left.size(); k++) {
      Object a = left.get(k).get(leftRow);
      Object b = right.get(k).get(rightRow);
      if (a == null || b == null || Oracle.compare(a, b) != 0) {
        return false;
      }
    }
    return true;
  }

  private static List<List<@Nullable Object>> keys(
      List<ValueKind> kinds, int rows, int domain, boolean nulls, Random random) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (ValueKind kind : kinds) {
      List<@Nullable Object> keys = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        keys.add(nulls && random.nextInt(9) == 0 ? null : key(kind, random.nextInt(domain)));
      }
      all.add(keys);
    }
    return all;
  }

  private static Object key(ValueKind kind, int number) {
    return switch (kind) {
      case BOOL -> number % 2 == 0;
      case I8 -> (long) (byte) number;
      case I16 -> (long) (short) (number - 300);
      case I32 -> number - 5L;
      case I64 -> number * (number % 3 == 0 ? 1L : 1L << 40);
      case F32, F64 ->
          switch (number % 50) {
            case 0 -> Double.NaN;
            case 1 -> 0.0;
            case 2 -> -0.0;
            default -> number / 4.0;
          };
      case DECIMAL128 -> BigInteger.valueOf(number - 9).shiftLeft(number % 100);
      case BYTES -> "k".repeat(number % 12) + number;
    };
  }
}
