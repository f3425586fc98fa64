package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.kernel.GatherBatch;
import io.arrowmill.kernel.SortKey;
import io.arrowmill.kernel.SortKeyHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collected rows in buckets, such that the rows of one partition of a window are in one. Those of a
 * bucket are in the order in which they came. Owns the rows; each batch, and then each bucket, is
 * handled by one task.
 */
final class OverBuckets implements AutoCloseable {
  private final OverPlan plan;
  private final BatchContext context;
  private final int count;

  /** Null where the rows have been distributed. */
  private final @Nullable RecordBatch[] batches;

  /** Of each batch the rows of each bucket. */
  private final List<List<RecordBatch>> pieces = new ArrayList<>();

  /**
   * Takes rows over.
   *
   * @param count the number of buckets
   * @param batches owned from now on
   */
  OverBuckets(OverPlan plan, int count, List<RecordBatch> batches, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.count = count;
    this.batches = batches.toArray(RecordBatch[]::new);
    batches.forEach(ignored -> pieces.add(new ArrayList<>()));
  }

  /** How many batches are to be distributed. */
  int batches() {
    return batches.length;
  }

  int count() {
    return count;
  }

  /** Distributes the rows of a batch. */
  void distribute(int number) {
    RecordBatch batch = Objects.requireNonNull(batches[number]);
    batches[number] = null; // closed here, once
    try (batch;
        IntBlock positions = new IntBlock(batch.rowCount(), context.memory())) {
      int[] ends = scatter(batch, positions);
      GatherBatch gather = new GatherBatch(batch);
      int from = 0;
      for (int end : ends) {
        long own = positions.address() + (long) Integer.BYTES * from;
        pieces.get(number).add(gather.rows(own, end - from, context.allocator()));
        from = end;
      }
    }
  }

  /** Writes the rows of each bucket; returns where they end. */
  private int[] scatter(RecordBatch batch, IntBlock positions) {
    int rows = batch.rowCount();
    List<SortKey> keys =
        OrderedRows.keys(plan.input(), SortedRows.partitionOrders(plan.window()), batch);
    int[] next = new int[count];
    try (SortKeyHash hashes = new SortKeyHash(keys, rows, context.memory())) {
      for (int row = 0; row < rows; row++) {
        next[KeyHash.partition(hashes.get(row), count)]++;
      }
      int start = 0;
      for (int bucket = 0; bucket < count; bucket++) {
        int of = next[bucket];
        next[bucket] = start;
        start += of;
      }
      for (int row = 0; row < rows; row++) {
        positions.set(next[KeyHash.partition(hashes.get(row), count)]++, row);
      }
    }
    return next;
  }

  /** Gives the rows of a bucket to a collection that counts on the same memory. */
  void take(int bucket, BatchCollector to) {
    for (List<RecordBatch> of : pieces) {
      try (RecordBatch piece = of.get(bucket)) {
        to.operator().process(piece);
      }
    }
  }

  @Override
  public void close() {
    for (RecordBatch batch : batches) {
      if (batch != null) {
        batch.close();
      }
    }
    pieces.forEach(of -> of.forEach(RecordBatch::close));
  }
}
