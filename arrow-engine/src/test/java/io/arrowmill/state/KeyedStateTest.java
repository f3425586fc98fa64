package io.arrowmill.state;

import static io.arrowmill.state.StateFixture.apply;
import static io.arrowmill.state.StateFixture.changes;
import static io.arrowmill.state.StateFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keyed state on its way to Arrow IPC and back. Closing the allocator is the leak check. */
class KeyedStateTest {
  private static final List<KeyField> KEYS =
      List.of(
          StateFixture.ID,
          new KeyField("name", ValueKind.BYTES, new StructField("name", DataTypes.STRING, true)));
  private static final GroupTablePlan PLAN =
      new GroupTablePlan(
          List.of(ValueKind.I64, ValueKind.BYTES),
          List.of(
              Accumulators.countAll(),
              Accumulators.sumLong(ValueKind.I64),
              Accumulators.max(ValueKind.BYTES)),
          0);

  private StateFixture fixture = new StateFixture();

  @BeforeEach
  void open() {
    fixture = new StateFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private KeyedState state(int partitions, long seed) {
    return fixture.state("aggregate 0", KEYS, PLAN, partitions, seed);
  }

  /** Adds one row: its name is also the value that the greatest is kept of. */
  private void add(KeyedState state, @Nullable Long id, @Nullable String name) {
    try (BigIntVector ids = new BigIntVector("id", fixture.allocator());
        VarCharVector names = new VarCharVector("name", fixture.allocator())) {
      ids.allocateNew(1);
      names.allocateNew(1);
      if (id != null) {
        ids.set(0, id);
      }
      if (name != null) {
        names.setSafe(0, name.getBytes(StandardCharsets.UTF_8));
      }
      ids.setValueCount(1);
      names.setValueCount(1);
      long block = fixture.memory().allocate(80);
      try {
        StateSchema.describe(ids, block);
        StateSchema.describe(names, ColumnDescriptor.at(block, 1));
        long out = block + 2L * ColumnDescriptor.BYTES;
        List<GroupTable> partitions = state.partitions();
        partitions.get(0).hash(block, 0, 0, 1, out);
        long hash = OffHeap.getLong(out);
        GroupTable table = partitions.get(KeyHash.partition(hash, partitions.size()));
        table.group(block, 0, 0, 1, out);
        table.update(0, out, 0, 0, 0, 1);
        table.update(1, out, block, 0, 0, 1);
        table.update(2, out, ColumnDescriptor.at(block, 1), 0, 0, 1);
      } finally {
        fixture.memory().free(block, 80);
      }
    }
  }

  /** Every group as text, read from a snapshot as any other Arrow tool would. */
  private Map<String, String> groups(KeyedState state) throws IOException {
    Map<String, String> groups = new HashMap<>();
    try (ArrowFileReader reader = fixture.snapshotReader(snapshot(state))) {
      while (reader.loadNextBatch()) {
        List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
        for (int i = 0; i < reader.getVectorSchemaRoot().getRowCount(); i++) {
          Object max = vectors.get(4).getObject(i);
          String greatest = max == null ? "null" : new String((byte[]) max, StandardCharsets.UTF_8);
          String key = vectors.get(0).getObject(i) + "/" + vectors.get(1).getObject(i);
          groups.put(
              key,
              vectors.get(2).getObject(i) + " " + vectors.get(3).getObject(i) + " " + greatest);
        }
      }
    }
    return groups;
  }

  @Test
  void fileNamesItsColumns() throws IOException {
    try (KeyedState state = state(2, 1)) {
      add(state, 1L, "a");
      try (ArrowFileReader reader = fixture.snapshotReader(snapshot(state))) {
        assertThat(reader.getVectorSchemaRoot().getSchema().getFields())
            .extracting(Field::getName)
            .containsExactly("id", "name", "agg0_count", "agg1_sum", "agg2_max", "removed");
        assertThat(reader.getVectorSchemaRoot().getSchema().getCustomMetadata())
            .containsEntry("arrowmill.state", "aggregate 0");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void snapshotAndChangesBringStateBackInOtherPartitions(int partitions) throws IOException {
    try (KeyedState state = state(3, 1);
        KeyedState copy = state(partitions, 2)) {
      state.beginEpoch();
      assertThat(state.hasChanges()).isFalse();
      for (long i = 0; i < 50; i++) {
        add(state, i % 5 == 0 ? null : i, "a name that is not short " + i % 10);
      }
      add(state, null, null);
      apply(copy, snapshot(state));
      assertThat(groups(copy)).isEqualTo(groups(state)).containsEntry("null/null", "1 null null");
      copy.beginEpoch();
      assertThat(copy.hasChanges()).isFalse();

      state.beginEpoch();
      state.partitions().forEach(table -> table.evictUntil(20));
      add(state, 7L, "a name that is not short 7");
      add(state, 40L, "x");
      assertThat(state.hasChanges()).isTrue();
      assertThat(state.changedRows()).isEqualTo(2);
      apply(copy, changes(state));
      assertThat(groups(copy))
          .isEqualTo(groups(state))
          .containsEntry("7/a name that is not short 7", "1 7 a name that is not short 7")
          .containsEntry("40/x", "1 40 x")
          .doesNotContainKey("8/a name that is not short 8");
      assertThat(copy.size()).isEqualTo(state.size());
    }
  }

  /** Many rows that a time ends take no more than one row; what came back of them is there. */
  @Test
  void evictedRowsAreNotListed() throws IOException {
    try (KeyedState state = state(3, 1);
        KeyedState copy = state(2, 2)) {
      state.beginEpoch();
      for (long i = 0; i < 5_000; i++) {
        add(state, i, "a name that is not short " + i);
      }
      apply(copy, snapshot(state));

      state.beginEpoch();
      state.partitions().forEach(table -> table.evictUntil(3_000));
      state.partitions().forEach(table -> table.evictUntil(4_990));
      assertThat(state.hasChanges()).isTrue();
      assertThat(state.changesBytesMax()).isLessThan(10_000);
      byte[] nothingElse = changes(state);
      assertThat(nothingElse).hasSizeLessThan(10_000);
      apply(copy, nothingElse);
      assertThat(groups(copy)).isEqualTo(groups(state)).hasSize(9);

      add(state, 17L, "a name that is not short 17");
      apply(copy, changes(state));
      assertThat(groups(copy)).isEqualTo(groups(state)).hasSize(10);

      state.beginEpoch();
      assertThat(state.hasChanges()).isFalse();
      apply(copy, changes(state));
      assertThat(groups(copy)).isEqualTo(groups(state));
    }
  }

  @Test
  void aKeyMayBeRemovedTwice() throws IOException {
    try (KeyedState state = state(1, 1);
        KeyedState copy = state(2, 2)) {
      GroupTable table = state.partitions().getFirst();
      state.beginEpoch();
      add(state, 1L, "a name that is not short 1");
      add(state, 2L, "a name that is not short 2");
      apply(copy, snapshot(state));
      state.beginEpoch();
      long rows = fixture.memory().allocate(16);
      for (int i = 0; i < 3; i++) {
        assertThat(table.nextRows(new RowCursor(), rows, 2)).isEqualTo(2);
        table.remove(rows, 2);
        add(state, 1L, "a name that is not short 1");
        add(state, 2L, "a name that is not short 2");
      }
      assertThat(table.nextRows(new RowCursor(), rows, 1)).isEqualTo(1);
      table.remove(rows, 1);
      fixture.memory().free(rows, 16);
      apply(copy, changes(state));
      assertThat(groups(copy)).isEqualTo(groups(state)).hasSize(1);
    }
  }

  @Test
  void changesOfNothingAreApplied() throws IOException {
    try (KeyedState state = state(2, 1)) {
      state.beginEpoch();
      apply(state, changes(state));
      apply(state, snapshot(state));
      assertThat(state.size()).isZero();
    }
  }

  @Test
  void moreRowsThanABatchHolds() throws IOException {
    try (KeyedState state = state(1, 1);
        KeyedState copy = state(4, 9)) {
      for (long i = 0; i < 4_097; i++) {
        add(state, i, "n");
      }
      apply(copy, snapshot(state));
      assertThat(copy.size()).isEqualTo(4_097);
      assertThat(groups(copy)).isEqualTo(groups(state));
    }
  }

  @Test
  void refusesStateOfAnotherShape() throws IOException {
    GroupTablePlan plan =
        new GroupTablePlan(List.of(ValueKind.I64), List.of(Accumulators.countAll()));
    try (KeyedState state = state(1, 1);
        KeyedState other = fixture.state("o", KEYS.subList(0, 1), plan, 1, 0)) {
      byte[] bytes = snapshot(state);
      assertThatThrownBy(() -> apply(other, bytes))
          .isInstanceOf(ArrowmillException.class)
          .hasMessageStartingWith(
              "[STATE_SCHEMA_NOT_COMPATIBLE] stored state must have the columns of the query's"
                  + " operator: expected=");
    }
  }

  @Test
  void limitNamesOwnerAndSetting() {
    try (BufferAllocator child = fixture.allocator().newChildAllocator("operator", 0, 100_000)) {
      ArrowMemorySource limited =
          new ArrowMemorySource(child, "aggregate 3", "arrowmill.memory.operatorLimit");
      try (KeyedState state =
          new KeyedState("a", KEYS, PLAN, 1, KeyHash.seeded(0), limited, fixture.allocator())) {
        assertThatThrownBy(
                () -> {
                  for (long i = 0; i < 10_000; i++) {
                    add(state, i, "a key");
                  }
                })
            .isInstanceOf(ArrowmillException.class)
            .hasMessageStartingWith(
                "[MEMORY_LIMIT_EXCEEDED] memory must stay within its limit: owner=aggregate 3,"
                    + " bytes=")
            .hasMessageContaining("limit=100000, setting=arrowmill.memory.operatorLimit;");
      }
    }
  }
}
