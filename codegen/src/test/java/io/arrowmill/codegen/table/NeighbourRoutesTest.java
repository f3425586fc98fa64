package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tables of one integer key that say of neighbours that they belong to one partition. */
class NeighbourRoutesTest {
  private static final long KEY_BITS = (1L << 48) - 1;
  private static final int PARTITIONS = 8;
  private static final GroupTablePlan PLAIN = new GroupTablePlan(List.of(ValueKind.I64), List.of());

  private final KeyHash hash = KeyHash.seeded(0x5EED);

  private long[] hashes(GroupTablePlan plan, long[] keys, boolean ofRows) {
    try (TestMemory memory = new TestMemory();
        Arena arena = Arena.ofConfined();
        GroupTable table = new GroupTable(plan, hash, memory)) {
      Columns columns = new Columns(arena);
      long values = columns.bytes(8L * keys.length);
      long column = columns.bytes(ColumnDescriptor.BYTES);
      long rows = columns.bytes(8L * keys.length);
      long out = columns.bytes(8L * keys.length);
      for (int i = 0; i < keys.length; i++) {
        OffHeap.putLong(values + 8L * i, keys[i]);
      }
      ColumnDescriptor.set(column, 0, values, 0);
      if (ofRows) {
        table.group(column, 0, 0, keys.length, rows);
        table.hashFirstKeys(1, rows, keys.length, out);
      } else {
        table.hash(column, 0, 0, keys.length, out);
      }
      return LongStream.range(0, keys.length).map(i -> OffHeap.getLong(out + 8L * i)).toArray();
    }
  }

  @Test
  void neighboursBelongToOnePartition() {
    long[] keys = LongStream.range(-8_192, -4_096).toArray();
    long[] hashes = hashes(PLAIN.together(), keys, false);
    assertThat(LongStream.of(hashes).map(h -> KeyHash.partition(h, PARTITIONS)).distinct())
        .hasSize(1);
    assertThat(LongStream.of(hashes).distinct()).hasSize(keys.length);
  }

  @Test
  void stretchesAreSpread() {
    long[] keys = LongStream.range(0, 4_096).map(i -> i << NeighbourRoutes.STRETCH_LOG2).toArray();
    long[] counts = new long[PARTITIONS];
    for (long h : hashes(PLAIN.together(), keys, false)) {
      counts[KeyHash.partition(h, PARTITIONS)]++;
    }
    for (long count : counts) {
      assertThat(count).isBetween(256L, 1_024L);
    }
  }

  @Test
  void onlyBitsOfThePartitionDiffer() {
    long[] keys = LongStream.range(0, 4_096).map(i -> i * i * i - 77).toArray();
    long[] plain = hashes(PLAIN, keys, false);
    long[] together = hashes(PLAIN.together(), keys, false);
    for (int i = 0; i < keys.length; i++) {
      assertThat(together[i] & KEY_BITS).isEqualTo(plain[i] & KEY_BITS);
    }
  }

  @Test
  void rowsAreHashedAsTheirKeysAre() {
    long[] keys = LongStream.range(0, 4_096).map(i -> i * 1_003 - 99).toArray();
    assertThat(hashes(PLAIN.together(), keys, true))
        .isEqualTo(hashes(PLAIN.together(), keys, false));
  }

  @Test
  void otherKeysHaveNoNeighbours() {
    GroupTablePlan text = new GroupTablePlan(List.of(ValueKind.BYTES), List.of());
    GroupTablePlan two = new GroupTablePlan(List.of(ValueKind.I64, ValueKind.I64), List.of());
    GroupTablePlan floating = new GroupTablePlan(List.of(ValueKind.F64), List.of());
    for (GroupTablePlan plan : List.of(text, two, floating)) {
      assertThat(plan.together()).isEqualTo(plan);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new GroupTablePlan(plan.keys(), List.of(), -1, -1, true))
          .withMessageContaining("one integer key");
    }
    assertThat(PLAIN.together().ofFirstKeys(1)).isEqualTo(PLAIN.together());
    assertThat(two.ofFirstKeys(1)).isEqualTo(PLAIN);
  }
}
