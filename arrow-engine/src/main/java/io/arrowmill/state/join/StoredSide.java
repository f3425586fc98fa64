package io.arrowmill.state.join;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.state.StateStore;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The rows of one side of a join, in partitions by the hash of their keys.
 *
 * <p>Owns its memory, the index of keys with the other side. A partition is confined to one task at
 * a time; everything else here is called while no task runs. What is written are Arrow IPC streams
 * with the columns of {@link StoredFile}; the number of partitions is not part of them.
 */
public final class StoredSide implements StateStore {
  /** Numbers of rows of one partition, so that those of several never meet. */
  private static final int SEQUENCE_BITS = 47;

  private final List<StoredRows> partitions = new ArrayList<>();
  private final StoredColumns columns;
  private final StoredFile file;
  private final List<ValueKind> kinds;
  private final KeyHash hash;
  private final Memory memory;
  private final boolean isFirst;

  /** No rows, of the side of a join that is made first. */
  public StoredSide(
      StoredColumns columns, List<ValueKind> kinds, int partitions, KeyHash hash, Memory memory) {
    this(columns, kinds, hash, memory, true);
    try {
      for (int p = 0; p < partitions; p++) {
        addPartition(new KeyIndex(kinds, hash, memory.source()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private StoredSide(
      StoredColumns columns, List<ValueKind> kinds, KeyHash hash, Memory memory, boolean isFirst) {
    this.columns = columns;
    this.file = new StoredFile(columns, memory);
    this.kinds = List.copyOf(kinds);
    this.hash = hash;
    this.memory = memory;
    this.isFirst = isFirst;
  }

  /**
   * No rows, of the other side of this one's join: keys of the same kinds, found through the same
   * index. Asked for once.
   */
  public StoredSide other(StoredColumns columns) {
    StoredSide other = new StoredSide(columns, kinds, hash, memory, false);
    try {
      for (StoredRows rows : partitions) {
        other.addPartition(rows.index().shared());
      }
    } catch (RuntimeException | Error e) {
      other.close();
      throw e;
    }
    return other;
  }

  private void addPartition(KeyIndex index) {
    int p = partitions.size();
    StoredChanges changes = new StoredChanges((long) p << SEQUENCE_BITS, (p + 1L) << SEQUENCE_BITS);
    try {
      partitions.add(new StoredRows(columns, index, isFirst, memory, changes));
    } catch (RuntimeException | Error e) {
      index.release();
      throw e;
    }
  }

  /** Where a side's memory comes from; both are of the same memory. */
  public record Memory(MemorySource source, BufferAllocator allocator) {}

  /** The partitions; a key belongs to the one that {@link KeyHash#partition} names for its hash. */
  public List<StoredRows> partitions() {
    return List.copyOf(partitions);
  }

  /**
   * An empty table for one task, which hashes keys as the partitions are chosen by.
   *
   * @param memory where its memory comes from
   * @return owned by the caller
   */
  public GroupTable hasher(MemorySource memory) {
    return new GroupTable(new GroupTablePlan(kinds, List.of()), hash, memory);
  }

  /**
   * An empty stage for one task's rows.
   *
   * @return owned by the caller
   */
  public StoredStage stage() {
    return new StoredStage(columns, partitions.size(), memory);
  }

  /** What is kept of a row. */
  public StoredColumns columns() {
    return columns;
  }

  /** Number of rows. */
  @Override
  public long size() {
    return partitions.stream().mapToLong(StoredRows::size).sum();
  }

  /** Off-heap bytes held; the index counts for the first side. */
  @Override
  public long memoryBytes() {
    long bytes = partitions.stream().mapToLong(StoredRows::memoryBytes).sum();
    for (StoredRows rows : partitions) {
      bytes += isFirst ? rows.index().memoryBytes() : 0;
    }
    return bytes;
  }

  /** Forgets the changes so far and lists those that follow. */
  @Override
  public void beginEpoch() {
    partitions.forEach(StoredRows::beginEpoch);
  }

  /** Whether a row was stored, met or given up since the epoch began. */
  @Override
  public boolean hasChanges() {
    return partitions.stream().anyMatch(rows -> !rows.changes().isEmpty());
  }

  @Override
  public int partitionCount() {
    return partitions.size();
  }

  @Override
  public long changedRows() {
    return partitions.stream().mapToLong(rows -> rows.changes().rows()).sum();
  }

  @Override
  public long changesBytesMax() {
    long batchBytes = 512 + 256L * (columns.schema().size() + 2);
    long bytes = 4 * batchBytes;
    for (StoredRows rows : partitions) {
      long changed = rows.changes().rows();
      bytes += changed == 0 ? 0 : batchBytes + changed * (rows.rowBytes() + 16);
    }
    return bytes;
  }

  @Override
  public boolean isWrittenByPartition() {
    return true;
  }

  /** Writes the changes of this epoch; returns the bytes. */
  @Override
  public long writeChanges(WritableByteChannel out) throws IOException {
    return writeChanges(new AtomicInteger(), out);
  }

  /** Writes all rows; returns the bytes. */
  @Override
  public long writeSnapshot(WritableByteChannel out) throws IOException {
    return writeSnapshot(new AtomicInteger(), out);
  }

  @Override
  public long writeChanges(AtomicInteger next, WritableByteChannel out) throws IOException {
    return file.write(partitions, next, true, out);
  }

  @Override
  public long writeSnapshot(AtomicInteger next, WritableByteChannel out) throws IOException {
    return file.write(partitions, next, false, out);
  }

  /** Takes in what {@link #writeChanges} or {@link #writeSnapshot} wrote, in the order written. */
  @Override
  public void apply(ReadableByteChannel in, Share share) throws IOException {
    if (!share.equals(Share.ALL)) {
      throw new IllegalArgumentException("stored rows must be read whole: share=" + share);
    }
    file.read(in, partitions, SEQUENCE_BITS);
  }

  @Override
  public void close() {
    partitions.forEach(StoredRows::close);
    partitions.clear();
  }
}
