package io.arrowmill.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;

/** Memory of one test of keyed state, and its way to bytes and back. Closing is the leak check. */
final class StateFixture implements AutoCloseable {
  /** A key of integers. */
  static final KeyField ID =
      new KeyField("id", ValueKind.I64, new StructField("id", DataTypes.LONG, true));

  private final BufferAllocator allocator = new RootAllocator();
  private final ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "test.limit");

  BufferAllocator allocator() {
    return allocator;
  }

  ArrowMemorySource memory() {
    return memory;
  }

  /** State whose keys are hashed by a seed. */
  KeyedState state(
      String name, List<KeyField> keys, GroupTablePlan plan, int partitions, long seed) {
    return new KeyedState(name, keys, plan, partitions, KeyHash.seeded(seed), memory, allocator);
  }

  static byte[] snapshot(KeyedState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(state.writeSnapshot(Channels.newChannel(bytes))).isEqualTo(bytes.size());
    return bytes.toByteArray();
  }

  static byte[] changes(KeyedState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(state.writeChanges(Channels.newChannel(bytes))).isEqualTo(bytes.size());
    assertThat((long) bytes.size()).isLessThanOrEqualTo(state.changesBytesMax());
    return bytes.toByteArray();
  }

  static void apply(KeyedState state, byte[] bytes) throws IOException {
    state.apply(Channels.newChannel(new ByteArrayInputStream(bytes)));
  }

  /** Takes bytes in as so many tasks would. */
  static void apply(KeyedState state, byte[] bytes, int shares) throws IOException {
    for (int share = 0; share < shares; share++) {
      state.apply(
          Channels.newChannel(new ByteArrayInputStream(bytes)),
          new StateStore.Share(share, shares));
    }
  }

  /** A snapshot, as any other Arrow tool would read it. */
  ArrowFileReader snapshotReader(byte[] bytes) {
    return new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(bytes), allocator);
  }

  /** Changes, as any other Arrow tool would read them. */
  ArrowStreamReader changesReader(byte[] bytes) {
    return new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator);
  }

  @Override
  public void close() {
    memory.close();
    allocator.close();
  }
}
