package io.arrowmill.state;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.KeyRouter;
import io.arrowmill.codegen.table.KeySet;
import io.arrowmill.codegen.table.RowHasher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The groups of one stateful operator, in partitions by the hash of their keys.
 *
 * <p>Owns its tables; borrows memory source and allocator. A partition is confined to one task at a
 * time; everything else here is called while no task runs. Snapshots are Arrow IPC files, changes
 * are Arrow IPC streams; both have the columns that {@link StateSchema} describes.
 */
public final class KeyedState implements StateStore {
  private static final byte[] FILE_MAGIC = "ARROW1\0\0".getBytes(StandardCharsets.US_ASCII);

  private final List<GroupTable> partitions = new ArrayList<>();

  /** Beside each partition's table, if keys are kept as sets. */
  private final List<KeySet> sets = new ArrayList<>();

  private final StateSchema columns;
  private final GroupTablePlan routed;
  private final KeyHash hash;
  private final MemorySource memory;
  private final BufferAllocator allocator;
  private int epoch;

  /** Empty state whose groups are spread by all their keys. */
  public KeyedState(
      String name,
      List<KeyField> keys,
      GroupTablePlan plan,
      int partitions,
      KeyHash hash,
      MemorySource memory,
      BufferAllocator allocator) {
    this(name, keys, plan, keys.size(), partitions, hash, memory, allocator);
  }

  /**
   * Empty state.
   *
   * @param name the operator's name, written into the files
   * @param keys the keys, in the order of the plan
   * @param partitionKeys so many of the first keys say which partition a group belongs to
   * @param memory where the tables' memory comes from
   * @param allocator where record batches are built on their way to and from files
   */
  public KeyedState(
      String name,
      List<KeyField> keys,
      GroupTablePlan plan,
      int partitionKeys,
      int partitions,
      KeyHash hash,
      MemorySource memory,
      BufferAllocator allocator) {
    this.columns = new StateSchema(name, keys, plan);
    this.hash = hash;
    this.memory = memory;
    this.allocator = allocator;
    this.routed = plan.ofFirstKeys(partitionKeys);
    try {
      for (int p = 0; p < partitions; p++) {
        this.partitions.add(new GroupTable(plan, hash, memory));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Keeps keys as bits where they are dense, if there is nothing but one integer key: the groups
   * can be asked for by {@link #sets} only then. Called before anything is added.
   */
  public void keepAsSets() {
    sets.addAll(KeySet.beside(partitions, hash, memory));
  }

  /**
   * Beside each table, if keys are kept as sets, else empty; a key belongs to the one that {@link
   * KeyHash#partition} names for its hash by {@link KeyRouter}.
   */
  public List<KeySet> sets() {
    return List.copyOf(sets);
  }

  /**
   * The tables; a group belongs to the one that {@link KeyHash#partition} names for the hash of its
   * first keys.
   */
  public List<GroupTable> partitions() {
    return List.copyOf(partitions);
  }

  public KeyHash hash() {
    return hash;
  }

  @Override
  public boolean isReadByShare() {
    return true;
  }

  @Override
  public boolean isWrittenByPartition() {
    return true;
  }

  @Override
  public int partitionCount() {
    return partitions.size();
  }

  /** Number of groups. */
  @Override
  public long size() {
    return partitions.stream().mapToLong(GroupTable::size).sum()
        + sets.stream().mapToLong(KeySet::size).sum();
  }

  /** Off-heap bytes that the tables hold. */
  @Override
  public long memoryBytes() {
    return partitions.stream().mapToLong(GroupTable::memoryBytes).sum()
        + sets.stream().mapToLong(KeySet::memoryBytes).sum();
  }

  /** Forgets the changes so far and lists those that follow. */
  @Override
  public void beginEpoch() {
    epoch++;
    partitions.forEach(table -> table.changes().beginEpoch(epoch));
    sets.forEach(KeySet::beginEpoch);
  }

  /** Whether a group was made, touched or removed in this epoch. */
  @Override
  public boolean hasChanges() {
    return evictedUntil() != Long.MIN_VALUE
        || sets.stream().anyMatch(set -> set.addedCount() > 0)
        || partitions.stream()
            .anyMatch(
                table -> table.changes().changedCount() > 0 || table.changes().removedCount() > 0);
  }

  private long evictedUntil() {
    return partitions.stream()
        .mapToLong(table -> table.changes().evictedUntil())
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** Number of groups made or touched in this epoch and still there. */
  @Override
  public long changedRows() {
    return partitions.stream().mapToLong(table -> table.changes().changedCount()).sum()
        + sets.stream().mapToLong(KeySet::addedCount).sum();
  }

  /** At most how many bytes {@link #writeChanges} would write; costs a look at each change. */
  @Override
  public long changesBytesMax() {
    long bytes = 2_048L + 512L * columns.kinds().size();
    try (StateWriter batches = new StateWriter(columns, evictedUntil(), memory, allocator)) {
      for (GroupTable table : partitions) {
        bytes += batches.bytesMax(table, table.changes()::nextRemoved, true);
        bytes += batches.bytesMax(table, table.changes()::nextChanged, false);
      }
      for (KeySet set : sets) {
        bytes += batches.bytesMax(set.addedCount());
      }
    }
    return bytes;
  }

  /** Writes this epoch's changes as an Arrow IPC stream; returns its bytes. */
  @Override
  public long writeChanges(WritableByteChannel out) throws IOException {
    return writeChanges(new AtomicInteger(), out);
  }

  /**
   * Writes this epoch's changes of some partitions as an Arrow IPC stream, of each partition the
   * removals first; returns its bytes. What was evicted of all partitions is said by the schema.
   *
   * @param next the next partition to write; tasks that share it write each partition once, each
   *     task to a stream of its own
   */
  @Override
  public long writeChanges(AtomicInteger next, WritableByteChannel out) throws IOException {
    try (StateWriter batches = new StateWriter(columns, evictedUntil(), memory, allocator);
        ArrowWriter writer = new ArrowStreamWriter(batches.root(), null, new SharedChannel(out))) {
      writer.start();
      int p = next.getAndIncrement();
      while (p < partitions.size()) {
        GroupTable table = partitions.get(p);
        batches.write(table, table.changes()::nextRemoved, true, writer);
        batches.write(table, table.changes()::nextChanged, false, writer);
        if (!sets.isEmpty()) {
          KeySet set = sets.get(p);
          batches.write(set, set::nextAdded, writer);
        }
        p = next.getAndIncrement();
      }
      writer.end();
      return writer.bytesWritten();
    }
  }

  /** Writes every group as an Arrow IPC file; returns its bytes. */
  @Override
  public long writeSnapshot(WritableByteChannel out) throws IOException {
    return writeSnapshot(new AtomicInteger(), out);
  }

  /**
   * Writes the groups of some partitions as an Arrow IPC file; returns its bytes.
   *
   * @param next the next partition to write, as in {@link #writeChanges(AtomicInteger,
   *     WritableByteChannel)}
   */
  @Override
  public long writeSnapshot(AtomicInteger next, WritableByteChannel out) throws IOException {
    try (StateWriter batches = new StateWriter(columns, Long.MIN_VALUE, memory, allocator);
        ArrowWriter writer = new ArrowFileWriter(batches.root(), null, new SharedChannel(out))) {
      writer.start();
      int p = next.getAndIncrement();
      while (p < partitions.size()) {
        GroupTable table = partitions.get(p);
        batches.write(table, table::nextRows, false, writer);
        if (!sets.isEmpty()) {
          KeySet set = sets.get(p);
          batches.write(set, set::nextKeys, writer);
        }
        p = next.getAndIncrement();
      }
      writer.end();
      return writer.bytesWritten();
    }
  }

  /**
   * Takes in what {@link #writeChanges} or {@link #writeSnapshot} wrote, perhaps with another
   * number of partitions and another hash function. What is taken in counts as changed, if an epoch
   * runs.
   */
  @Override
  public void apply(ReadableByteChannel in, Share share) throws IOException {
    InputStream bytes = Channels.newInputStream(in);
    byte[] head = bytes.readNBytes(FILE_MAGIC.length);
    // An Arrow IPC file is a stream between a magic number and a footer.
    InputStream stream =
        Arrays.equals(head, FILE_MAGIC)
            ? bytes
            : new SequenceInputStream(new ByteArrayInputStream(head), bytes);
    try (RowHasher router = router();
        StateReader batches = new StateReader(columns, router, partitions, sets, memory);
        ArrowStreamReader reader = new ArrowStreamReader(Channels.newChannel(stream), allocator)) {
      Schema read = reader.getVectorSchemaRoot().getSchema();
      columns.requireSame(read);
      batches.evict(StateSchema.evictedUntil(read), share);
      while (reader.loadNextBatch()) {
        batches.apply(reader.getVectorSchemaRoot(), share);
      }
    }
  }

  private RowHasher router() {
    return sets.isEmpty()
        ? new GroupTable(routed, hash, memory)
        : new KeyRouter(routed, hash, memory, false);
  }

  @Override
  public void close() {
    sets.forEach(KeySet::close);
    sets.clear();
    partitions.forEach(GroupTable::close);
    partitions.clear();
  }
}
