package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.compare;
import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * One value of any kind in a row's state.
 *
 * <pre>
 *   0                 8                 16
 *   +-----------------+
 *   | int64 / float64 |                       up to 8 bytes wide
 *   +-----------------+-----------------+
 *   | low 64 bits     | high 64 bits    |     DECIMAL128
 *   +--------+--------+-----------------+
 *   | length |capacity| address         |     BYTES: int32, int32, int64
 *   +--------+--------+-----------------+
 * </pre>
 *
 * <p>A BYTES value that fits into the capacity of the one before takes its place.
 */
final class ValueCell {
  private final ValueKind kind;
  private final int offset;
  private final BytesArena arena;

  ValueCell(ValueKind kind, int offset, BytesArena arena) {
    this.kind = kind;
    this.offset = offset;
    this.arena = arena;
  }

  /** Sets the cell from a slot of a {@link ColumnSlice}. */
  void set(long row, ColumnSlice input, int index) {
    long cell = row + offset;
    long slot = input.values() + (long) index * kind.slotBytes();
    switch (kind) {
      case BYTES -> setBytes(cell, getLong(slot + 8), (int) getLong(slot));
      case DECIMAL128 -> {
        putLong(cell, getLong(slot));
        putLong(cell + 8, getLong(slot + 8));
      }
      default -> putLong(cell, getLong(slot));
    }
  }

  /** Sets the cell from the same cell of another table's row. */
  void setFrom(long row, long source) {
    long cell = row + offset;
    long from = source + offset;
    switch (kind) {
      case BYTES -> setBytes(cell, getLong(from + 8), getInt(from));
      case DECIMAL128 -> {
        putLong(cell, getLong(from));
        putLong(cell + 8, getLong(from + 8));
      }
      default -> putLong(cell, getLong(from));
    }
  }

  private void setBytes(long cell, long address, int length) {
    int capacity = getInt(cell + 4);
    if (length > capacity) {
      long larger = arena.allocate(length);
      if (capacity > 0) {
        arena.free(getLong(cell + 8), capacity);
      }
      putInt(cell + 4, (int) BytesArena.capacityFor(length));
      putLong(cell + 8, larger);
    }
    if (length > 0) {
      copy(address, getLong(cell + 8), length);
    }
    putInt(cell, length);
  }

  /** Compares a slot of a {@link ColumnSlice} with the cell. */
  int compareSlot(long row, ColumnSlice input, int index) {
    long slot = input.values() + (long) index * kind.slotBytes();
    long cell = row + offset;
    return kind == ValueKind.BYTES
        ? compare(getLong(slot + 8), getLong(slot), getLong(cell + 8), getInt(cell))
        : compareFixed(slot, cell);
  }

  /** Compares the same cell of another table's row with the cell. */
  int compareFrom(long row, long source) {
    long from = source + offset;
    long cell = row + offset;
    return kind == ValueKind.BYTES
        ? compare(getLong(from + 8), getInt(from), getLong(cell + 8), getInt(cell))
        : compareFixed(from, cell);
  }

  private int compareFixed(long left, long right) {
    if (kind == ValueKind.DECIMAL128) {
      int high = Long.compare(getLong(left + 8), getLong(right + 8));
      return high != 0 ? high : Long.compareUnsigned(getLong(left), getLong(right));
    }
    if (kind.isFloating()) {
      double a = Double.longBitsToDouble(getLong(left));
      double b = Double.longBitsToDouble(getLong(right));
      // Adding 0.0 makes the zeros equal; NaN is greatest in Double.compare already.
      return Double.compare(a + 0.0, b + 0.0);
    }
    return Long.compare(getLong(left), getLong(right));
  }

  /** Writes the cell as value {@code index} of a column. */
  void write(long row, ColumnOutput output, int index) {
    long cell = row + offset;
    switch (kind) {
      case BYTES -> output.putBytes(index, getLong(cell + 8), getInt(cell));
      case DECIMAL128 -> output.putDecimal(index, getLong(cell), getLong(cell + 8));
      default -> output.putSlot(index, getLong(cell));
    }
  }

  /** Bytes of data of the cells of the given rows; the length of an empty cell is 0. */
  long dataBytes(long rows, int count) {
    long bytes = 0;
    if (kind == ValueKind.BYTES) {
      for (int i = 0; i < count; i++) {
        bytes += getInt(getLong(rows + 8L * i) + offset);
      }
    }
    return bytes;
  }

  /** Empties the cell; what it held in the arena goes back. */
  void release(long row) {
    long cell = row + offset;
    if (kind == ValueKind.BYTES && getInt(cell + 4) > 0) {
      arena.free(getLong(cell + 8), getInt(cell + 4));
      putLong(cell, 0);
    }
  }
}
