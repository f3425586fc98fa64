package io.arrowmill.state;

import static io.arrowmill.state.StateFixture.apply;
import static io.arrowmill.state.StateFixture.changes;
import static io.arrowmill.state.StateFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.KeyRouter;
import io.arrowmill.codegen.table.KeySet;
import io.arrowmill.codegen.table.ValueKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** State of keys alone, dense and sparse ones, on its way to Arrow IPC and back. */
class KeySetStateTest {
  private static final List<KeyField> KEYS = List.of(StateFixture.ID);
  private static final GroupTablePlan PLAN = new GroupTablePlan(List.of(ValueKind.I64), List.of());

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
    KeyedState state = fixture.state("keys", KEYS, PLAN, partitions, seed);
    state.keepAsSets();
    return state;
  }

  /** Dense keys, some far away, and null. */
  private static List<@Nullable Long> keys(SplittableRandom random, int count) {
    List<@Nullable Long> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(100);
      keys.add(kind == 0 ? null : kind < 10 ? random.nextLong() : random.nextLong(60_000));
    }
    return keys;
  }

  /** Adds keys as a deduplication does; returns those that were not there. */
  private Set<@Nullable Long> add(KeyedState state, List<@Nullable Long> keys) {
    Set<@Nullable Long> made = new HashSet<>();
    int partitions = state.partitionCount();
    try (BigIntVector column = new BigIntVector("id", fixture.allocator());
        KeyRouter router = new KeyRouter(PLAN, state.hash(), fixture.memory(), true)) {
      column.allocateNew(keys.size());
      for (int i = 0; i < keys.size(); i++) {
        Long key = keys.get(i);
        if (key != null) {
          column.set(i, key);
        }
      }
      column.setValueCount(keys.size());
      long block = fixture.memory().allocate(ColumnDescriptor.BYTES + 8L + 4L + 8L);
      long hashes = block + ColumnDescriptor.BYTES;
      try {
        StateSchema.describe(column, block);
        for (int i = 0; i < keys.size(); i++) {
          router.hash(block, 0, i, 1, hashes);
          KeySet set = state.sets().get(KeyHash.partition(OffHeap.getLong(hashes), partitions));
          if (set.add(block, 0, i, 1, hashes, hashes + 8) > 0) {
            assertThat(made.add(keys.get(i))).isTrue();
          }
        }
      } finally {
        fixture.memory().free(block, ColumnDescriptor.BYTES + 8L + 4L + 8L);
      }
    }
    return made;
  }

  /** The keys of a file, each once, as any other Arrow tool would read them. */
  private static Set<@Nullable Long> read(ArrowReader reader) throws IOException {
    Set<@Nullable Long> keys = new HashSet<>();
    while (reader.loadNextBatch()) {
      BigIntVector ids = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
      BitVector removed = (BitVector) reader.getVectorSchemaRoot().getVector("removed");
      for (int i = 0; i < ids.getValueCount(); i++) {
        assertThat(removed.getObject(i)).isFalse();
        assertThat(keys.add(ids.getObject(i))).as("twice: key=%s", ids.getObject(i)).isTrue();
      }
    }
    return keys;
  }

  private Set<@Nullable Long> readChanges(byte[] bytes) throws IOException {
    try (ArrowStreamReader reader = fixture.changesReader(bytes)) {
      return read(reader);
    }
  }

  private Set<@Nullable Long> readSnapshot(byte[] bytes) throws IOException {
    try (ArrowFileReader reader = fixture.snapshotReader(bytes)) {
      return read(reader);
    }
  }

  @Test
  void changesAreTheNewKeysOfAnEpoch() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Set<@Nullable Long> all = new HashSet<>();
    try (KeyedState state = state(3, 1)) {
      for (int epoch = 0; epoch < 5; epoch++) {
        state.beginEpoch();
        assertThat(state.hasChanges()).isFalse();
        Set<@Nullable Long> made = add(state, keys(random, epoch == 3 ? 0 : 5_000));
        assertThat(made).allMatch(key -> !all.contains(key));
        all.addAll(made);
        assertThat(state.hasChanges()).isEqualTo(epoch != 3);
        assertThat(state.changedRows()).isEqualTo(made.size());
        assertThat(readChanges(changes(state))).isEqualTo(made);
        assertThat(readSnapshot(snapshot(state))).isEqualTo(all);
        assertThat(state.size()).isEqualTo(all.size());
      }
      assertThat(state.sets().stream().mapToLong(KeySet::size).sum()).isPositive();
    }
  }

  @Test
  void comesBackInAnotherShape() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    Set<@Nullable Long> all = new HashSet<>();
    byte[] early;
    List<byte[]> later = new ArrayList<>();
    try (KeyedState state = state(4, 1)) {
      state.beginEpoch();
      all.addAll(add(state, keys(random, 8_000)));
      early = snapshot(state);
      for (int epoch = 0; epoch < 3; epoch++) {
        state.beginEpoch();
        all.addAll(add(state, keys(random, 8_000)));
        later.add(changes(state));
      }
    }
    for (int shares = 1; shares <= 3; shares++) {
      try (KeyedState state = state(shares == 2 ? 7 : 3, 9)) {
        apply(state, early, shares);
        for (byte[] changes : later) {
          apply(state, changes, shares);
        }
        assertThat(state.size()).isEqualTo(all.size());
        assertThat(readSnapshot(snapshot(state))).isEqualTo(all);
        state.beginEpoch();
        assertThat(add(state, new ArrayList<>(all))).isEmpty();
        assertThat(state.hasChanges()).isFalse();
      }
    }
  }

  @Test
  void ofTwoKeysThereAreNoSets() {
    List<KeyField> keys = List.of(KEYS.getFirst(), KEYS.getFirst());
    GroupTablePlan plan = new GroupTablePlan(List.of(ValueKind.I64, ValueKind.I64), List.of());
    try (KeyedState state = fixture.state("keys", keys, plan, 2, 1)) {
      state.keepAsSets();
      assertThat(state.sets()).isEmpty();
    }
  }
}
