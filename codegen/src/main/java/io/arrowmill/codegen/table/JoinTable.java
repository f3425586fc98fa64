package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

/**
 * Finds the rows of a join's build side by key. Made once by one thread; after that any number of
 * {@link JoinProbe}s may read it at a time.
 *
 * <p>One integer key from a dense range is looked up in an array, all others by hash. A null key is
 * equal to nothing; every NaN is one key, and -0.0 is 0.0. With no key at all, every build row
 * matches.
 *
 * <p>Owns its memory until {@link #close}. Borrows the buffers of the build side's key columns as
 * long: keys of more than eight bytes are compared where they are.
 */
public final class JoinTable implements AutoCloseable {
  /** The number that stands for no build row. */
  public static final int NONE = -1;

  private final List<ValueKind> kinds;
  private final KeyHash hash;
  private final JoinIndex index;
  private boolean closed;

  /**
   * The build side's rows.
   *
   * @param columns address of one {@link io.arrowmill.codegen.memory.ColumnDescriptor} a key
   */
  public record Input(long columns, int rows) {}

  /**
   * Indexes all rows.
   *
   * @param kinds one a key
   * @param hash by a seed that nobody else knows, so that nobody can choose keys that collide
   * @throws RuntimeException if {@code memory} refuses; nothing is kept then
   */
  public JoinTable(List<ValueKind> kinds, Input input, KeyHash hash, MemorySource memory) {
    this.kinds = List.copyOf(kinds);
    this.hash = hash;
    try (JoinKeys keys = new JoinKeys(kinds, hash, memory);
        JoinScratch scratch = new JoinScratch(memory)) {
      JoinIndex dense = dense(keys, input, memory);
      this.index = dense == null ? HashJoinIndex.build(keys, input, scratch, memory) : dense;
    }
  }

  private @org.jspecify.annotations.Nullable JoinIndex dense(
      JoinKeys keys, Input input, MemorySource memory) {
    boolean integers = kinds.isEmpty() || (kinds.size() == 1 && isInteger(kinds.get(0)));
    if (!integers || input.rows() == 0) {
      return null;
    }
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int start = 0; start < input.rows(); start += JoinKeys.SLICE_ROWS_MAX) {
      int count = Math.min(JoinKeys.SLICE_ROWS_MAX, input.rows() - start);
      keys.load(input.columns(), start, count);
      long words = keys.words();
      for (int i = 0; i < count; i++) {
        if (keys.valid() == 0 || getByte(keys.valid() + i) != 0) {
          long key = getLong(words + 8L * i);
          min = Math.min(min, key);
          max = Math.max(max, key);
        }
      }
    }
    return min <= max && DenseJoinIndex.isDense(min, max, input.rows())
        ? DenseJoinIndex.build(keys, input, min, max, memory)
        : null;
  }

  private static boolean isInteger(ValueKind kind) {
    return switch (kind) {
      case BOOL, I8, I16, I32, I64 -> true;
      case F32, F64, DECIMAL128, BYTES -> false;
    };
  }

  /** Whether no key has two build rows, so that a probe row has one match at most. */
  public boolean unique() {
    return index.unique();
  }

  /** Off-heap bytes held. */
  public long memoryBytes() {
    return index.memoryBytes();
  }

  List<ValueKind> kinds() {
    return kinds;
  }

  KeyHash hash() {
    return hash;
  }

  JoinIndex index() {
    return index;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      index.close();
    }
  }
}
