package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

/**
 * Goes through the matches of a batch of probe rows, so many at a time: what a join makes of a
 * batch is bounded, whatever the number of matches. Borrows the table and the ranges.
 *
 * <p>Its static methods make selections, int32 row numbers, of what a probe found.
 */
public final class JoinPairs {
  private final long rowIds;
  private final long heads;
  private final long counts;
  private final int rows;
  private int row;
  private int taken;

  /**
   * Begins with the first match.
   *
   * @param heads what {@link JoinProbe#ranges} wrote, as {@code counts}
   * @param rows probe rows
   */
  public JoinPairs(JoinTable table, long heads, long counts, int rows) {
    this.rowIds = table.index().rowIds();
    this.heads = heads;
    this.counts = counts;
    this.rows = rows;
  }

  /**
   * Writes the next matches: a probe row and a build row each, int32.
   *
   * @return how many, at most {@code max}; 0 at the end
   */
  public int next(long probeOut, long buildOut, int max) {
    int made = 0;
    while (row < rows && made < max) {
      int left = getInt(counts + 4L * row) - taken;
      int more = Math.min(left, max - made);
      long from = rowIds + 4L * (getInt(heads + 4L * row) + taken);
      if (more == 1) {
        putInt(probeOut + 4L * made, row);
        putInt(buildOut + 4L * made, getInt(from));
      } else if (more > 1) {
        for (int i = 0; i < more; i++) {
          putInt(probeOut + 4L * (made + i), row);
        }
        copy(from, buildOut + 4L * made, 4L * more);
      }
      made += more;
      if (more == left) {
        row++;
        taken = 0;
      } else {
        taken += more;
      }
    }
    return made;
  }

  /** Selects the rows that have a build row, and writes that beside them. */
  public static int matched(long rows, int count, long probeOut, long buildOut) {
    int made = 0;
    for (int i = 0; i < count; i++) {
      int row = getInt(rows + 4L * i);
      putInt(probeOut + 4L * made, i);
      putInt(buildOut + 4L * made, row);
      made += 1 + (row >> 31);
    }
    return made;
  }

  /** Selects the rows that have a build row, or those that have none. */
  public static int selectRows(long rows, int count, boolean wanted, long out) {
    int made = 0;
    int flip = wanted ? 0 : -1;
    for (int i = 0; i < count; i++) {
      putInt(out + 4L * made, i);
      made += 1 + ((getInt(rows + 4L * i) ^ flip) >> 31);
    }
    return made;
  }

  /** Selects the rows that have matches, or those that have none. */
  public static int selectCounts(long counts, int count, boolean wanted, long out) {
    int made = 0;
    for (int i = 0; i < count; i++) {
      putInt(out + 4L * made, i);
      made += getInt(counts + 4L * i) > 0 == wanted ? 1 : 0;
    }
    return made;
  }

  /** Selects of some rows those whose byte is 1, or those whose byte is 0. */
  public static int selectFlags(long flags, int first, int count, boolean wanted, long out) {
    int made = 0;
    int flip = wanted ? 0 : 1;
    for (int i = first; i < first + count; i++) {
      putInt(out + 4L * made, i);
      made += getByte(flags + i) ^ flip;
    }
    return made;
  }

  /** Sets the bytes of the given rows to 1; of {@link JoinTable#NONE} there is none. */
  public static void flag(long rows, int count, long flags) {
    for (int i = 0; i < count; i++) {
      int row = getInt(rows + 4L * i);
      if (row >= 0) {
        putByte(flags + row, (byte) 1);
      }
    }
  }
}
