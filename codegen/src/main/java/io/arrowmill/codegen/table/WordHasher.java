package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.compile.HashLanes;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import org.jspecify.annotations.Nullable;

/**
 * Hashes columns of keys of eight bytes, in lanes where the hash function has them. Owns working
 * memory; one thread at a time.
 */
final class WordHasher implements AutoCloseable {
  /** Rows of one call of lane code: what it reads and writes stays in the first-level cache. */
  private static final int LANE_ROWS = 1_024;

  private static final int DESCRIPTORS = 2;

  private final KeyHash hash;
  private final @Nullable HashLanes lanes;
  private final KernelOutputs outputs = new KernelOutputs(1);
  private final Scratch scratch;
  private boolean filled;

  WordHasher(KeyHash hash, MemorySource memory) {
    this.hash = hash;
    this.lanes = hash.lanes();
    this.scratch = new Scratch(memory);
  }

  long memoryBytes() {
    return scratch.memoryBytes();
  }

  /**
   * Writes the hashes of first keys.
   *
   * @param words address of the keys, int64
   */
  void first(long words, int count, long out) {
    long start = hash.start();
    int done = lanes == null ? 0 : inLanes(starts(), words, count, out);
    for (int i = done; i < count; i++) {
      putLong(out + 8L * i, hash.combine(start, getLong(words + 8L * i)));
    }
  }

  /**
   * Adds further keys to the hashes of those before.
   *
   * @param words address of the keys, int64
   * @param hashes address of the hashes, int64
   */
  void next(long words, int count, long hashes) {
    int done = lanes == null ? 0 : inLanes(0, words, count, hashes);
    for (int i = done; i < count; i++) {
      putLong(hashes + 8L * i, hash.combine(getLong(hashes + 8L * i), getLong(words + 8L * i)));
    }
  }

  /**
   * Hashes rows as long as lanes take them.
   *
   * @param starts address of the states of {@link #LANE_ROWS} rows; 0 for those in {@code out}
   * @return how many
   */
  private int inLanes(long starts, long words, int count, long out) {
    long columns = scratch.ensure(scratchBytes());
    int done = 0;
    int step = -1;
    while (step != 0) {
      long target = out + 8L * done;
      ColumnDescriptor.set(ColumnDescriptor.at(columns, 0), 0, starts == 0 ? target : starts, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(columns, 1), 0, words + 8L * done, 0);
      outputs.setFixed(0, target, 0);
      step = lanes == null ? 0 : lanes.run(columns, Math.min(LANE_ROWS, count - done), outputs);
      done += step;
    }
    return done;
  }

  private static long scratchBytes() {
    return (long) DESCRIPTORS * ColumnDescriptor.BYTES + 8L * LANE_ROWS;
  }

  /** Address of what every hash begins with, once for each row of a call. */
  private long starts() {
    long starts = scratch.ensure(scratchBytes()) + (long) DESCRIPTORS * ColumnDescriptor.BYTES;
    if (!filled) {
      for (int i = 0; i < LANE_ROWS; i++) {
        putLong(starts + 8L * i, hash.start());
      }
      filled = true;
    }
    return starts;
  }

  @Override
  public void close() {
    scratch.close();
    filled = false;
  }
}
