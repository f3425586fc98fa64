package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.GatherBatch;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collected rows in buckets, each of which is worked on by itself: by several tasks, and mostly in
 * the cache. The rows of a bucket are in the order in which they came. Owns the rows; each batch,
 * and then each bucket, is handled by one task.
 */
final class RowBuckets implements AutoCloseable {
  /** More buckets would be of little use, and each takes some time of each batch. */
  private static final int MOST = 64;

  private final int count;
  private final Routes routes;
  private final BatchContext context;

  /** Null where the rows have been distributed. */
  private final @Nullable RecordBatch[] batches;

  /** Of each batch the rows of each bucket; null before they are distributed and once taken. */
  private final @Nullable RecordBatch[][] pieces;

  /** Says which bucket rows belong to. Any thread may ask. */
  @FunctionalInterface
  interface Routes {
    /** Writes the number of each row's bucket. */
    void find(RecordBatch batch, IntBlock buckets);
  }

  /**
   * Takes rows over.
   *
   * @param count the number of buckets
   * @param batches owned from now on
   */
  RowBuckets(int count, Routes routes, List<RecordBatch> batches, BatchContext context) {
    this.count = count;
    this.routes = routes;
    this.context = context;
    this.batches = batches.toArray(RecordBatch[]::new);
    this.pieces = new RecordBatch[batches.size()][count];
  }

  /** How many buckets so many rows are worth; 1 if they are too few. */
  static int countFor(long rows) {
    return (int) Math.max(1, Math.min(MOST, rows / RecordBatch.ROWS_MAX));
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
    context.checkActive();
    RecordBatch batch = Objects.requireNonNull(batches[number]);
    batches[number] = null; // closed here, once
    try (batch;
        IntBlock positions = new IntBlock(batch.rowCount(), context.memory())) {
      int[] ends = scatter(batch, positions);
      GatherBatch gather = new GatherBatch(batch);
      int from = 0;
      for (int bucket = 0; bucket < count; bucket++) {
        long own = positions.address() + (long) Integer.BYTES * from;
        pieces[number][bucket] = gather.rows(own, ends[bucket] - from, context.allocator());
        from = ends[bucket];
      }
    }
  }

  /** Writes the rows of each bucket; returns where they end. */
  private int[] scatter(RecordBatch batch, IntBlock positions) {
    int rows = batch.rowCount();
    int[] next = new int[count];
    try (IntBlock buckets = new IntBlock(rows, context.memory())) {
      routes.find(batch, buckets);
      for (int row = 0; row < rows; row++) {
        next[buckets.get(row)]++;
      }
      int start = 0;
      for (int bucket = 0; bucket < count; bucket++) {
        int of = next[bucket];
        next[bucket] = start;
        start += of;
      }
      for (int row = 0; row < rows; row++) {
        positions.set(next[buckets.get(row)]++, row);
      }
    }
    return next;
  }

  /** Takes the rows out of a bucket; owned by the caller. */
  BatchCollector take(int bucket) {
    BatchCollector taken = new BatchCollector(context.allocator());
    for (@Nullable RecordBatch[] ofBatch : pieces) {
      taken.add(Objects.requireNonNull(ofBatch[bucket]));
      ofBatch[bucket] = null;
    }
    return taken;
  }

  @Override
  public void close() {
    close(batches);
    for (@Nullable RecordBatch[] ofBatch : pieces) {
      close(ofBatch);
    }
  }

  /** Closes those that are there. */
  static void close(@Nullable RecordBatch[] batches) {
    for (int i = 0; i < batches.length; i++) {
      RecordBatch batch = batches[i];
      batches[i] = null;
      if (batch != null) {
        batch.close();
      }
    }
  }
}
