package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.state.MemoryLevel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Keeps all batches that any task pushes, in the order they come. Owns them until closed. */
final class BatchCollector implements AutoCloseable {
  private final BufferAllocator allocator;
  private final List<RecordBatch> batches = new ArrayList<>();

  BatchCollector(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** An operator of one task that adds to this collection. */
  Operator operator() {
    return new Operator() {
      @Override
      public void process(RecordBatch batch) {
        if (batch.rowCount() > 0) {
          add(batch.retain(allocator));
          if (allocator.isOverLimit()) {
            throw MemoryLevel.exceeded(allocator); // taking over is never refused by Arrow
          }
        }
      }

      @Override
      public void close() {}
    };
  }

  /** Adds a batch of this memory, owned by the collection from now on. */
  synchronized void add(RecordBatch batch) {
    batches.add(batch);
  }

  /** The batches, borrowed. Called when all tasks have ended. */
  synchronized List<RecordBatch> batches() {
    return List.copyOf(batches);
  }

  /** Number of all rows. */
  synchronized long rows() {
    return batches.stream().mapToLong(RecordBatch::rowCount).sum();
  }

  /** The batches, owned by the caller from now on. */
  synchronized List<RecordBatch> take() {
    List<RecordBatch> taken = List.copyOf(batches);
    batches.clear();
    return taken;
  }

  /** Gives all batches to another collection, which counts on the same memory. */
  void moveTo(BatchCollector other) {
    take().forEach(other::add);
  }

  @Override
  public synchronized void close() {
    batches.forEach(RecordBatch::close);
    batches.clear();
  }
}
