package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.kernel.Gather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Rows of one run that are added to sessions when those that end in it have gone: rows that begin
 * after everything that ends is over. Without the sessions before, nearly every key has none, and
 * one look says so.
 *
 * <p>Also, rows are kept by bucket, of which a partition has several, and those of a bucket are
 * looked up together, while what they lead to is in the cache; and no task waits for another. Owns
 * the rows until closed. Any task adds; after that each partition's are read by one.
 */
final class SessionStage implements AutoCloseable {
  /** So many bytes are kept; the rows behind them are not worth more memory. */
  private static final long BYTES_MAX = 128L << 20;

  /** So many sessions have to fit one after the other into the time of a batch. */
  private static final double LENGTHS_MIN = 4;

  /** All partitions have about so many buckets. */
  private static final int BUCKETS = 128;

  /** The keys of so many rows stay in the cache of a core. */
  private static final long PIECE_ROWS = 1 << 13;

  private final SessionColumns.Positions columns;
  private final long firsts;
  private final MemorySource memory;
  private final int partitions;

  /** Of a partition; a power of two. */
  private final int buckets;

  private final List<Part> parts = new ArrayList<>();
  private long bytes;

  /**
   * An empty stage.
   *
   * @param columns where columns are among those that are kept
   * @param firsts as {@link SessionColumns} has them
   */
  SessionStage(int partitions, SessionColumns.Positions columns, long firsts, MemorySource memory) {
    this.partitions = partitions;
    this.columns = columns;
    this.firsts = firsts;
    this.memory = memory;
    this.buckets = Integer.highestOneBit(Math.max(1, BUCKETS / partitions));
  }

  /**
   * Rows of a batch, those of one bucket after those of another.
   *
   * @param vectors what the columns are
   * @param starts where each bucket's rows begin, and where the last one's end
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(List<FieldVector> vectors, SessionColumns columns, int[] starts) {
    private void close() {
      columns.close();
      vectors.forEach(FieldVector::close);
    }
  }

  /** Whether there is room for more. */
  synchronized boolean hasRoom() {
    return bytes < BYTES_MAX;
  }

  private synchronized void add(Part part) {
    parts.add(part);
    for (FieldVector vector : part.vectors()) {
      bytes += vector.getBufferSize();
    }
  }

  /** What was added, borrowed. Called when all tasks have ended. */
  synchronized List<Part> parts() {
    return List.copyOf(parts);
  }

  /**
   * Some of a partition's rows, among them all of their keys: those of the buckets from {@code
   * from} up to {@code to}.
   */
  record Piece(int from, int to) {
    /** Where its rows begin in a part. */
    int start(Part part) {
      return part.starts()[from];
    }

    /** Where they end. */
    int end(Part part) {
      return part.starts()[to];
    }
  }

  /** A partition's rows. */
  Piece whole(int partition) {
    return new Piece(partition * buckets, (partition + 1) * buckets);
  }

  /** A partition's rows in pieces whose keys stay in the cache, if it has many. */
  List<Piece> pieces(int partition) {
    Piece whole = whole(partition);
    int step = buckets;
    for (long rows = rows(whole); step > 1 && rows > PIECE_ROWS; rows /= 2) {
      step /= 2;
    }
    List<Piece> pieces = new ArrayList<>();
    for (int from = whole.from(); from < whole.to(); from += step) {
      pieces.add(new Piece(from, from + step));
    }
    return pieces;
  }

  /** The bucket that rows are in whose keys have a hash. */
  int bucket(long hash) {
    return KeyHash.partition(hash, partitions * buckets);
  }

  /** Number of a piece's rows. */
  long rows(Piece piece) {
    return parts().stream().mapToLong(part -> piece.end(part) - piece.start(part)).sum();
  }

  /**
   * Whether a partition's rows lie so far apart that of their sessions the next batch, if it is
   * like this one, will end nearly all.
   */
  boolean isLong(int partition) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    double lengths = 0;
    Piece whole = whole(partition);
    for (Part part : parts()) {
      long starts = ColumnDescriptor.data(part.columns().start());
      long ends = ColumnDescriptor.data(part.columns().end());
      int end = whole.end(part);
      for (int row = whole.start(part); row < end; row++) {
        long start = OffHeap.getLong(starts + 8L * row);
        first = Math.min(first, start);
        last = Math.max(last, start);
        lengths += (double) OffHeap.getLong(ends + 8L * row) - start;
      }
    }
    long rows = rows(whole);
    return rows > 0 && (double) last - first > LENGTHS_MIN * (lengths / rows);
  }

  @Override
  public synchronized void close() {
    parts.forEach(Part::close);
    parts.clear();
  }

  /** Collects one task's rows, a batch after the other. Owns its buffers. */
  static final class Filling implements AutoCloseable {
    private static final int ROWS = RecordBatch.ROWS_MAX;
    private static final long BYTES = 8L * ROWS;

    private final SessionStage stage;
    private final int[] columns;
    private final MemorySource memory;
    private final BufferAllocator allocator;

    /** Positions in the batch as they come, then by bucket; int32. */
    private final long positions;

    private final long sorted;
    private final short[] bucketOf = new short[ROWS];
    private final int[] counts;
    private int rows;

    /**
     * Begins to fill a stage.
     *
     * @param columns of the batches, those that are kept
     */
    Filling(SessionStage stage, int[] columns, MemorySource memory, BufferAllocator allocator) {
      this.stage = stage;
      this.columns = columns.clone();
      this.memory = memory;
      this.allocator = allocator;
      this.counts = new int[stage.partitions * stage.buckets];
      this.positions = memory.allocate(BYTES);
      this.sorted = positions + 4L * ROWS;
    }

    /**
     * Notes a row of the batch.
     *
     * @param hash of its keys
     */
    void add(int position, long hash) {
      int bucket = stage.bucket(hash);
      OffHeap.putInt(positions + 4L * rows, position);
      bucketOf[rows++] = (short) bucket;
      counts[bucket]++;
    }

    /** Copies the rows noted to the stage. */
    void flush(RecordBatch batch) {
      if (rows == 0) {
        return;
      }
      int[] starts = new int[counts.length + 1];
      for (int b = 0; b < counts.length; b++) {
        starts[b + 1] = starts[b] + counts[b];
        counts[b] = starts[b];
      }
      for (int i = 0; i < rows; i++) {
        OffHeap.putInt(sorted + 4L * counts[bucketOf[i]]++, OffHeap.getInt(positions + 4L * i));
      }
      List<FieldVector> kept = new ArrayList<>();
      try {
        for (int column : columns) {
          FieldVector from = batch.columns().get(column);
          kept.add(Gather.rows(from, from.getNullCount() > 0, sorted, rows, allocator));
        }
        // Once for all pieces: to find out where there are nulls is a walk over a column.
        SessionColumns described = new SessionColumns(stage.columns, stage.firsts, stage.memory);
        described.set(kept);
        stage.add(new Part(List.copyOf(kept), described, starts));
      } catch (RuntimeException | Error e) {
        kept.forEach(FieldVector::close);
        throw e;
      }
      Arrays.fill(counts, 0);
      rows = 0;
    }

    @Override
    public void close() {
      memory.free(positions, BYTES);
    }
  }
}
