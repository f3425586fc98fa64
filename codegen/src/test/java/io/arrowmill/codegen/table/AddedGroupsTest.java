package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link GroupTable#addHashed} makes each group once and touches no other. */
class AddedGroupsTest {
  static List<List<ValueKind>> keys() {
    return List.of(
        List.of(ValueKind.I64),
        List.of(ValueKind.I32, ValueKind.I64),
        List.of(ValueKind.BYTES),
        List.of(ValueKind.F64));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void firstRowsOnly(List<ValueKind> kinds) {
    SplittableRandom random = new SplittableRandom(7);
    KeyHash hash = KeyHash.seeded(7);
    try (TestMemory memory = new TestMemory();
        GroupTable table = new GroupTable(new GroupTablePlan(kinds, List.of()), hash, memory)) {
      // Dense keys that came by the ordinary way first, as after a restart.
      Set<List<@Nullable Object>> seen = new HashSet<>();
      List<List<@Nullable Object>> before = TableFixture.keys(kinds, random, 300, 40);
      TableFixture.add(table, before, 64);
      seen.addAll(before);
      table.changes().beginEpoch(1);
      int made = 0;
      for (int round = 0; round < 40; round++) {
        List<List<@Nullable Object>> rows =
            TableFixture.keys(kinds, random, 1 + random.nextInt(300), 20 << (round / 4));
        boolean[] added = add(table, rows);
        for (int i = 0; i < rows.size(); i++) {
          boolean first = seen.add(rows.get(i));
          made += first ? 1 : 0;
          assertThat(added[i]).as("round %s, row %s %s", round, i, rows.get(i)).isEqualTo(first);
        }
      }
      assertThat(table.size()).isEqualTo(seen.size());
      assertThat(table.changes().changedCount()).isEqualTo(made);
    }
  }

  /** Adds rows and says of each whether it made a group. */
  private static boolean[] add(GroupTable table, List<List<@Nullable Object>> rows) {
    try (Arena arena = Arena.ofConfined()) {
      Columns columns = new Columns(arena);
      List<List<@Nullable Object>> keyColumns = new ArrayList<>();
      for (int k = 0; k < table.plan().keys().size(); k++) {
        keyColumns.add(TableFixture.column(rows, k));
      }
      long block = columns.write(table.plan().keys(), keyColumns);
      long hashes = columns.bytes(8L * rows.size());
      long out = columns.bytes(8L * rows.size());
      table.hash(block, 0, 0, rows.size(), hashes);
      table.addHashed(block, 0, 0, rows.size(), hashes, out);
      boolean[] added = new boolean[rows.size()];
      for (int i = 0; i < added.length; i++) {
        added[i] = OffHeap.getLong(out + 8L * i) != 0;
      }
      return added;
    }
  }
}
