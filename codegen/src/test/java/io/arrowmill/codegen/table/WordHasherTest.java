package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.compile.HashLanes;
import io.arrowmill.codegen.compile.LaneStart;
import io.arrowmill.codegen.memory.OffHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words hash alike one by one and in lanes, and so do the keys of tables. */
@Tag("lanes")
class WordHasherTest {
  private static final HashLanes LANES = new HashLanes(LaneStart.AT_ONCE);

  private static long word(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3) - 1;
      case 1 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
      case 2 -> Double.doubleToRawLongBits(random.nextInt(5) - 2.5);
      default -> random.nextLong();
    };
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 1_000, 1_023, 1_024, 1_025, 2_111, 4_096})
  void lanesHashAsOneByOne(int count) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    KeyHash hash = KeyHash.seeded(random.nextLong(), LANES);
    try (TestMemory memory = new TestMemory();
        WordHasher hasher = new WordHasher(hash, memory)) {
      long words = memory.allocate(16L * count + 8);
      long out = memory.allocate(8L * count + 8);
      long[] first = new long[count];
      long[] second = new long[count];
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < count; i++) {
          long one = word(random);
          long two = word(random);
          OffHeap.putLong(words + 8L * i, one);
          OffHeap.putLong(words + 8L * (count + i), two);
          first[i] = hash.combine(hash.start(), one);
          second[i] = hash.combine(first[i], two);
        }
        hasher.first(words, count, out);
        assertThat(read(out, count)).as("seed=%d", seed).isEqualTo(first);
        hasher.next(words + 8L * count, count, out);
        assertThat(read(out, count)).as("seed=%d", seed).isEqualTo(second);
      }
      memory.free(words, 16L * count + 8);
      memory.free(out, 8L * count + 8);
    }
  }

  private static long[] read(long address, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = OffHeap.getLong(address + 8L * i);
    }
    return values;
  }

  /** Keys that are not dense, so that they are hashed: the same groups. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tablesWithLanesAndWithoutAgree(boolean nulls) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long hashSeed = random.nextLong();
    GroupTablePlan plan =
        new GroupTablePlan(
            List.of(ValueKind.I64, ValueKind.F64), List.of(Accumulators.sumLong(ValueKind.I64)));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 9_000; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(nulls && random.nextInt(50) == 0 ? null : random.nextLong() & -8L << 40);
      row.add(nulls && random.nextInt(50) == 0 ? null : random.nextInt(4) / 4.0);
      row.add((long) i);
      rows.add(row);
    }
    try (TestMemory memory = new TestMemory();
        GroupTable lanes = new GroupTable(plan, KeyHash.seeded(hashSeed, LANES), memory);
        GroupTable plain = new GroupTable(plan, KeyHash.seeded(hashSeed), memory)) {
      TableFixture.add(lanes, rows, 4_096);
      TableFixture.add(plain, rows, 4_096);
      assertThat(TableFixture.groups(lanes))
          .as("seed=%d", seed)
          .isEqualTo(TableFixture.groups(plain));
    }
  }
}
