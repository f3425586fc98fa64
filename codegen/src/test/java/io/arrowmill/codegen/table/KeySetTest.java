package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of integer keys against sets of Java's. Closing the memory is the leak check. */
class KeySetTest {
  private static final GroupTablePlan PLAN = new GroupTablePlan(List.of(ValueKind.I64), List.of());

  /** A set with its table, and what it should hold. */
  private static final class Checked implements AutoCloseable {
    private final TestMemory memory = new TestMemory();
    private final GroupTable table;
    private final KeySet set;
    private final KeyRouter router;
    private final ValueKind kind;
    private final Set<@Nullable Object> expected = new HashSet<>();
    private final Set<@Nullable Object> expectedNew = new HashSet<>();

    Checked(ValueKind kind, KeyHash hash) {
      this.kind = kind;
      GroupTablePlan plan = new GroupTablePlan(List.of(kind), List.of());
      table = new GroupTable(plan, hash, memory);
      set = KeySet.beside(List.of(table), hash, memory).getFirst();
      router = new KeyRouter(plan, hash, memory, true);
    }

    void beginEpoch(int epoch) {
      table.changes().beginEpoch(epoch);
      set.beginEpoch();
      expectedNew.clear();
    }

    /** Adds rows of a column, all or every other one. */
    void add(List<? extends @Nullable Object> keys, boolean selected) {
      try (Arena arena = Arena.ofConfined()) {
        Columns columns = new Columns(arena);
        long column = columns.write(kind, keys);
        int step = selected ? 2 : 1;
        int count = keys.size() / step;
        long selection = selected ? columns.bytes(4L * count) : 0;
        for (int i = 0; selected && i < count; i++) {
          OffHeap.putInt(selection + 4L * i, i * step);
        }
        int slice = 1_000;
        long out = columns.bytes(8L * slice);
        long hashes = columns.bytes(8L * slice);
        for (int start = 0; start < count; start += slice) {
          int some = Math.min(slice, count - start);
          router.hash(column, selection, start, some, hashes);
          boolean hashed = start % 3 != 0; // as the next who adds may give none
          int made = set.add(column, selection, start, some, hashed ? hashes : 0, out);
          int wanted = 0;
          for (int i = 0; i < some; i++) {
            Object key = keys.get((start + i) * step);
            boolean isNew = expected.add(key);
            if (isNew) {
              expectedNew.add(key);
              wanted++;
            }
            assertThat(OffHeap.getLong(out + 8L * i) != 0).as("key=%s", key).isEqualTo(isNew);
          }
          assertThat(made).isEqualTo(wanted);
        }
      }
    }

    void check() {
      assertThat(set.size() + table.size()).isEqualTo(expected.size());
      assertThat(read(table::nextFound, set::nextKeys)).isEqualTo(expected);
      assertThat(set.addedCount() + table.changes().changedCount()).isEqualTo(expectedNew.size());
      assertThat(read(table.changes()::nextChanged, set::nextAdded)).isEqualTo(expectedNew);
    }

    interface Walk {
      int next(RowCursor cursor, long out, int max);
    }

    private Set<@Nullable Object> read(Walk rows, Walk keys) {
      List<@Nullable Object> all = new ArrayList<>();
      try (Arena arena = Arena.ofConfined()) {
        Columns columns = new Columns(arena);
        long out = columns.bytes(8L * 500);
        RowCursor cursor = new RowCursor();
        for (int n = rows.next(cursor, out, 500); n > 0; n = rows.next(cursor, out, 500)) {
          long column = columns.allocate(kind, n, 0);
          table.readKeys(0, out, n, column, 0);
          all.addAll(Columns.read(kind, column, n));
        }
        cursor = new RowCursor();
        for (int n = keys.next(cursor, out, 500); n > 0; n = keys.next(cursor, out, 500)) {
          long column = columns.allocate(kind, n, 0);
          set.putKeys(out, n, column);
          all.addAll(Columns.read(kind, column, n));
        }
      }
      Set<@Nullable Object> found = new HashSet<>();
      all.forEach(key -> assertThat(found.add(key)).as("twice: key=%s", key).isTrue());
      return found;
    }

    @Override
    public void close() {
      router.close();
      set.close();
      table.close();
      memory.close();
    }
  }

  private static List<@Nullable Object> keys(
      int count, Supplier<? extends Object> next, SplittableRandom random) {
    List<@Nullable Object> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(random.nextInt(200) == 0 ? null : next.get());
    }
    return keys;
  }

  /** Adds keys over some epochs and looks at what is there and what is new after each. */
  private static void run(
      ValueKind kind, KeyHash hash, Supplier<? extends Object> next, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (Checked checked = new Checked(kind, hash)) {
      checked.add(keys(300, next, random), false); // as restored keys are: before any epoch
      for (int epoch = 1; epoch <= 4; epoch++) {
        checked.beginEpoch(epoch);
        for (int batch = 0; batch < 3; batch++) {
          checked.add(keys(6_000, next, random), batch == 1);
        }
        checked.check();
      }
    }
  }

  /** What keys are like. */
  enum Shape {
    DENSE,
    SPARSE,
    IN_ORDER,
    BELOW_ZERO,
    AT_THE_ENDS,
    MIXED,
    STRIDE
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void holdsWhatWasAdded(Shape shape) {
    long seed = 1;
    SplittableRandom random = new SplittableRandom(seed);
    long[] counter = {0};
    Supplier<? extends Object> next =
        switch (shape) {
          case DENSE -> () -> random.nextLong(100_000);
          case SPARSE -> random::nextLong;
          case IN_ORDER -> () -> counter[0]++ - random.nextLong(20);
          case BELOW_ZERO -> () -> -random.nextLong(50_000);
          case AT_THE_ENDS ->
              () -> (random.nextBoolean() ? Long.MIN_VALUE : -9_000) + random.nextLong(9_000);
          case MIXED ->
              () ->
                  random.nextInt(3) == 0 ? random.nextLong() : (1L << 50) | random.nextLong(30_000);
          case STRIDE -> () -> random.nextLong(10_000) << NeighbourRoutes.STRETCH_LOG2;
        };
    run(ValueKind.I64, KeyHash.seeded(seed), next, seed);
  }

  @ParameterizedTest
  @EnumSource(names = {"I8", "I16", "I32", "BOOL"})
  void holdsNarrowKeys(ValueKind kind) {
    SplittableRandom random = new SplittableRandom(5);
    Supplier<? extends Object> next =
        switch (kind) {
          case BOOL -> random::nextBoolean;
          case I8 -> () -> (long) (byte) random.nextInt();
          case I16 -> () -> (long) (short) random.nextInt();
          default ->
              () -> (long) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(70_000));
        };
    run(kind, KeyHash.seeded(5), next, 5);
  }

  @Test
  void holdsKeysThatAllHashAlike() {
    SplittableRandom random = new SplittableRandom(6);
    Supplier<? extends Object> next =
        () -> random.nextInt(20) == 0 ? random.nextLong() : random.nextLong(40_000);
    run(ValueKind.I64, new TableFixture.Constant(11), next, 6);
  }

  @Test
  void denseKeysTakeBits() {
    try (Checked checked = new Checked(ValueKind.I64, KeyHash.seeded(1))) {
      SplittableRandom random = new SplittableRandom(1);
      checked.beginEpoch(1);
      checked.add(keys(200_000, () -> random.nextLong(400_000), random), false);
      checked.check();
      assertThat(checked.table.size()).isLessThan(5_000);
      checked.beginEpoch(2);
      assertThat(checked.table.memoryBytes() + checked.set.memoryBytes())
          .isLessThan(5 * checked.set.size());
    }
  }

  @Test
  void keysThatGetDenseLateBecomeBits() {
    try (Checked checked = new Checked(ValueKind.I64, KeyHash.seeded(1))) {
      SplittableRandom random = new SplittableRandom(1);
      long range = 1L << 24;
      checked.beginEpoch(1);
      checked.add(keys(100_000, () -> random.nextLong(range), random), false);
      assertThat(checked.set.size()).isZero();
      checked.beginEpoch(2);
      checked.add(keys(200_000, () -> random.nextLong(range), random), false);
      checked.check();
      assertThat(checked.table.size()).isLessThan(20_000);
    }
  }

  @Test
  void sparseKeysStayRows() {
    try (Checked checked = new Checked(ValueKind.I64, KeyHash.seeded(1))) {
      SplittableRandom random = new SplittableRandom(1);
      checked.beginEpoch(1);
      checked.add(keys(100_000, random::nextLong, random), false);
      checked.check();
      assertThat(checked.set.size()).isZero();
    }
  }

  /** Whatever allocation is refused: every key is there or not, and a later attempt goes on. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30})
  void refusedMemoryLeavesKeysWhole(long allocations) {
    try (Checked checked = new Checked(ValueKind.I64, KeyHash.seeded(1));
        Arena arena = Arena.ofConfined()) {
      SplittableRandom random = new SplittableRandom(1);
      checked.beginEpoch(1);
      List<@Nullable Object> some = keys(240, () -> random.nextLong(3_000), random);
      checked.add(some, false);
      List<@Nullable Object> more = keys(3_000, () -> random.nextLong(3_000), random);
      Columns columns = new Columns(arena);
      long column = columns.write(ValueKind.I64, more);
      long out = columns.bytes(8L * 4_096);
      checked.memory.refuseAfter(allocations);
      int done = 0;
      try {
        for (; done < more.size(); done += 500) {
          checked.set.add(column, 0, done, 500, 0, out);
        }
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("memory limit reached");
      }
      checked.memory.refuseAfter(Long.MAX_VALUE);
      // What a refused slice has added already is not new any more; all of it is there at the end.
      for (int start = done; start < more.size(); start += 500) {
        checked.set.add(column, 0, start, 500, 0, out);
      }
      checked.expected.addAll(more);
      checked.set.add(column, 0, 0, more.size(), 0, out);
      for (int i = 0; i < more.size(); i++) {
        assertThat(OffHeap.getLong(out + 8L * i)).isZero();
      }
      assertThat(checked.read(checked.table::nextFound, checked.set::nextKeys))
          .isEqualTo(checked.expected);
    }
  }

  @Test
  void onlyTablesOfOneIntegerKeyAreSets() {
    try (TestMemory memory = new TestMemory()) {
      KeyHash hash = KeyHash.seeded(1);
      for (GroupTablePlan plan :
          List.of(
              new GroupTablePlan(List.of(ValueKind.F64), List.of()),
              new GroupTablePlan(List.of(ValueKind.BYTES), List.of()),
              new GroupTablePlan(List.of(ValueKind.I64, ValueKind.I64), List.of()),
              new GroupTablePlan(List.of(ValueKind.I64), List.of(Accumulators.countAll())),
              new GroupTablePlan(List.of(ValueKind.I64), List.of(), 0))) {
        try (GroupTable table = new GroupTable(plan, hash, memory)) {
          assertThat(KeySet.beside(List.of(table), hash, memory)).isEmpty();
        }
      }
      try (GroupTable table = new GroupTable(PLAN, hash, memory)) {
        memory.refuseAfter(0);
        assertThatThrownBy(() -> KeySet.beside(List.of(table), hash, memory))
            .hasMessageContaining("memory limit reached");
      }
    }
  }

  @Test
  void neighboursGoTheSameWay() {
    KeyHash hash = KeyHash.seeded(3);
    try (TestMemory memory = new TestMemory();
        KeyRouter router = new KeyRouter(PLAN, hash, memory, false);
        Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      long column = columns.write(ValueKind.I64, List.of(4_096L, 5_000L, 8_191L, 8_192L));
      long out = columns.bytes(32);
      router.hash(column, 0, 0, 4, out);
      assertThat(OffHeap.getLong(out + 8)).isEqualTo(OffHeap.getLong(out));
      assertThat(OffHeap.getLong(out + 16)).isEqualTo(OffHeap.getLong(out));
      assertThat(OffHeap.getLong(out + 24)).isNotEqualTo(OffHeap.getLong(out));
    }
  }
}
