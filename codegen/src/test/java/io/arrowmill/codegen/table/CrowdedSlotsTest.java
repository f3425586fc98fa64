package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Groups are found, removed and made again while parts of the directory fill up and split, also
 * where hashes ask for few slots only, so that rows lie far from the slot they ask for.
 */
class CrowdedSlotsTest {
  private static final int SLICE = 4_096;

  /** Keeps some bits of each hash and sets the others alike. */
  record Masked(KeyHash whole, long kept) implements KeyHash {
    @Override
    public long start() {
      return whole.start();
    }

    @Override
    public long combine(long state, long word) {
      return whole.combine(state, word) & kept;
    }

    @Override
    public long combine(long state, long first, long second, long third) {
      return whole.combine(state, first, second, third) & kept;
    }

    @Override
    public int bytes(long address, int length) {
      return whole.bytes(address, length);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ffffffffffffffff, 300000", // a good hash
    "fffffffffffffff0, 150000", // every 16th slot
    "fffffffffffffc00, 60000", // 64 slots of a large part: most rows are far from theirs
    "ffffffff000fffff, 120000", // no part can be split
    "ffffffff00ffff00, 60000"
  })
  void everyGroupIsFoundWhileOthersComeAndGo(String kept, int keys) {
    long seed = new SplittableRandom().nextLong(1_000_000);
    System.out.println("CrowdedSlotsTest kept=" + kept + " seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    KeyHash hash = new Masked(KeyHash.seeded(seed), Long.parseUnsignedLong(kept, 16));
    GroupTablePlan plan = new GroupTablePlan(List.of(ValueKind.I64), List.of());
    Map<Long, Long> rows = new HashMap<>();
    try (TestMemory memory = new TestMemory(seed % 2 == 0);
        GroupTable table = new GroupTable(plan, hash, memory)) {
      int rounds = 3 * keys / SLICE;
      for (int round = 0; round < rounds; round++) {
        long range = Math.max(1, (long) keys * (round + 1) / rounds);
        List<Long> slice = slice(random, range);
        long[] found = group(table, slice);
        for (int i = 0; i < SLICE; i++) {
          Long before = rows.putIfAbsent(slice.get(i), found[i]);
          assertThat(before == null ? found[i] : before)
              .as("seed %s, round %s, key %s", seed, round, slice.get(i))
              .isEqualTo(found[i]);
        }
        if (round % 3 == 2) {
          remove(table, rows, slice(random, range).subList(0, SLICE / 2));
        }
        assertThat(table.size()).as("seed %s", seed).isEqualTo(rows.size());
      }
    }
  }

  /** Keys far apart, so that none is indexed directly. */
  private static List<Long> slice(SplittableRandom random, long range) {
    List<Long> keys = new ArrayList<>();
    for (int i = 0; i < SLICE; i++) {
      keys.add(random.nextLong(range) * 0x9E37_79B9_7F4A_7C15L);
    }
    return keys;
  }

  private static long[] group(GroupTable table, List<Long> keys) {
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      List<List<@Nullable Object>> column = List.of(new ArrayList<>(keys));
      long block = columns.write(table.plan().keys(), column);
      long out = columns.bytes(8L * keys.size());
      table.group(block, 0, 0, keys.size(), out);
      long[] rows = new long[keys.size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = OffHeap.getLong(out + 8L * i);
      }
      return rows;
    }
  }

  private static void remove(GroupTable table, Map<Long, Long> rows, List<Long> keys) {
    try (Arena arena = Arena.ofConfined()) {
      long list = arena.allocate(8L * keys.size(), 8).address();
      int count = 0;
      for (Long key : keys) {
        Long row = rows.remove(key);
        if (row != null) {
          OffHeap.putLong(list + 8L * count++, row);
        }
      }
      table.remove(list, count);
    }
  }
}
