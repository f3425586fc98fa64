package io.arrowmill.connector;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A table of record batches in this process: what the memory sink writes and SQL reads by the
 * query's name.
 *
 * <p>Ownership: owns its batches until it is closed, at most as many bytes as its allocator's
 * limit. Threading: any thread may call any method; a reader sees a table as of one moment.
 */
public final class MemoryTable implements AutoCloseable {
  private final String name;
  private final StructType schema;
  private final BufferAllocator allocator;
  // Guarded by this.
  private final List<RecordBatch> batches = new ArrayList<>();
  private long rowCount;
  private boolean closed;

  /**
   * An empty table.
   *
   * @param name what messages call it
   * @param allocator what holds the rows; its limit bounds the table; closed by the caller after
   *     the table
   */
  public MemoryTable(String name, StructType schema, BufferAllocator allocator) {
    this.name = name;
    this.schema = schema;
    this.allocator = allocator;
  }

  /** What messages call this table. */
  public String name() {
    return name;
  }

  /** Names and types of the columns. */
  public StructType schema() {
    return schema;
  }

  /** Number of rows. */
  public synchronized long rowCount() {
    return rowCount;
  }

  /** All rows as of now; the caller owns the batches and closes each. */
  public synchronized List<RecordBatch> snapshot(BufferAllocator target) {
    List<RecordBatch> copies = new ArrayList<>();
    for (RecordBatch batch : batches) {
      copies.add(batch.retain(target));
    }
    return copies;
  }

  /**
   * A bounded read: one split, which gives all rows as of the moment it is opened.
   *
   * @param columns names of the columns wanted, in the wanted order
   */
  public List<InputSplit> splits(List<String> columns) {
    return List.of(new Split(this, Projection.of(schema, columns)));
  }

  /** Adds the rows of {@code more}, which are borrowed. */
  public void append(List<RecordBatch> more) {
    checkRoom(more, false);
    publish(more.stream().map(this::hold).toList(), false);
  }

  /** Frees all rows; later output is dropped and later reads fail. */
  @Override
  public synchronized void close() {
    closed = true;
    batches.forEach(RecordBatch::close);
    batches.clear();
    rowCount = 0;
  }

  /** Another owner of {@code batch}'s rows, held by this table's allocator. */
  RecordBatch hold(RecordBatch batch) {
    return batch.retain(allocator);
  }

  /**
   * Fails unless the table has room for {@code more} beside what it keeps.
   *
   * @throws ArrowmillException with condition {@code MEMORY_LIMIT_EXCEEDED}
   */
  synchronized void checkRoom(List<RecordBatch> more, boolean replace) {
    long bytes = bytes(more) + (replace ? 0 : bytes(batches));
    if (bytes > allocator.getLimit()) {
      throw new ArrowmillException(
          "MEMORY_LIMIT_EXCEEDED",
          "rows of a memory table must fit into its memory: table="
              + name
              + ", bytes="
              + bytes
              + ", limitBytes="
              + allocator.getLimit()
              + "; write less, raise the limit, or use a sink that keeps rows elsewhere");
    }
  }

  /** Takes ownership of {@code more}, which comes after what is kept or in its place. */
  synchronized void publish(List<RecordBatch> more, boolean replace) {
    if (closed) {
      more.forEach(RecordBatch::close);
      return;
    }
    if (replace) {
      batches.forEach(RecordBatch::close);
      batches.clear();
    }
    batches.addAll(more);
    rowCount = batches.stream().mapToLong(RecordBatch::rowCount).sum();
  }

  private static long bytes(List<RecordBatch> batches) {
    return batches.stream().mapToLong(RecordBatch::bytes).sum();
  }

  private synchronized Deque<RecordBatch> read(Projection projection, BufferAllocator target) {
    if (closed) {
      throw new ArrowmillException(
          "TABLE_CLOSED", "a memory table must be open to be read: table=" + name);
    }
    Deque<RecordBatch> copies = new ArrayDeque<>();
    for (RecordBatch batch : batches) {
      copies.add(projection.retain(batch, target));
    }
    return copies;
  }

  private record Split(MemoryTable table, Projection projection) implements InputSplit {
    @Override
    public BatchReader open(BufferAllocator target) {
      return new Reader(table.read(projection, target));
    }

    @Override
    public String description() {
      return "memory table " + table.name;
    }
  }

  /** Owns what it has not yet handed out. */
  private static final class Reader implements BatchReader {
    private final Deque<RecordBatch> left;

    Reader(Deque<RecordBatch> left) {
      this.left = left;
    }

    @Override
    public @Nullable RecordBatch next() {
      return left.poll();
    }

    @Override
    public void close() {
      left.forEach(RecordBatch::close);
      left.clear();
    }
  }
}
