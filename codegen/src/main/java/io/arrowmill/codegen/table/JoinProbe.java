package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Looks up probe rows in a {@link JoinTable}, which it borrows. Owns working memory; one thread at
 * a time.
 *
 * <p>Columns are the address of one {@link io.arrowmill.codegen.memory.ColumnDescriptor} a key,
 * borrowed for the call.
 */
public final class JoinProbe implements AutoCloseable {
  private final JoinTable table;
  private final JoinIndex index;
  private final JoinKeys keys;
  private final JoinScratch scratch;

  /** A probe of a table that lives longer. */
  public JoinProbe(JoinTable table, MemorySource memory) {
    this.table = table;
    this.index = table.index();
    this.keys = new JoinKeys(table.kinds(), table.hash(), memory);
    this.scratch = new JoinScratch(memory);
  }

  /** The table. */
  public JoinTable table() {
    return table;
  }

  /**
   * Whether it takes no more than a look at the keys to see that each of the rows {@code 0} to
   * {@code count - 1} has a match. False says nothing.
   */
  public boolean findsAll(long columns, int count) {
    for (int start = 0; start < count; start += JoinKeys.SLICE_ROWS_MAX) {
      int rows = Math.min(JoinKeys.SLICE_ROWS_MAX, count - start);
      keys.load(columns, start, rows);
      if (!index.findsAll(keys, rows)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes the build row of each of the rows 0 to {@code count - 1}, int32, {@link JoinTable#NONE}
   * where there is none. The table must be unique.
   *
   * @return how many rows have a match
   */
  public int rows(long columns, int count, long rowsOut) {
    int matched = 0;
    for (int start = 0; start < count; start += JoinKeys.SLICE_ROWS_MAX) {
      int rows = Math.min(JoinKeys.SLICE_ROWS_MAX, count - start);
      long out = rowsOut + 4L * start;
      keys.load(columns, start, rows);
      index.rows(keys, rows, scratch, out);
      mask(rows, out, JoinTable.NONE);
      for (int i = 0; i < rows; i++) {
        matched += 1 + (getInt(out + 4L * i) >> 31);
      }
    }
    return matched;
  }

  /**
   * Writes where the build rows of each of the rows 0 to {@code count - 1} begin and how many there
   * are, int32 both; {@link JoinPairs} reads that. The table must not be unique.
   *
   * @return how many matches there are
   */
  public long ranges(long columns, int count, long headsOut, long countsOut) {
    long matches = 0;
    for (int start = 0; start < count; start += JoinKeys.SLICE_ROWS_MAX) {
      int rows = Math.min(JoinKeys.SLICE_ROWS_MAX, count - start);
      long out = countsOut + 4L * start;
      keys.load(columns, start, rows);
      index.ranges(keys, rows, scratch, headsOut + 4L * start, out);
      mask(rows, out, 0);
      for (int i = 0; i < rows; i++) {
        matches += getInt(out + 4L * i);
      }
    }
    return matches;
  }

  /** Takes back what rows with a null key found. */
  private void mask(int count, long out, int none) {
    long valid = keys.valid();
    if (valid != 0) {
      for (int i = 0; i < count; i++) {
        if (getByte(valid + i) == 0) {
          putInt(out + 4L * i, none);
        }
      }
    }
  }

  @Override
  public void close() {
    keys.close();
    scratch.close();
  }
}
