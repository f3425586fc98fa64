package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putBit;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putFloat;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.putShort;

import io.arrowmill.codegen.memory.ColumnDescriptor;

/**
 * Writes values to a column from a given row on. Value i goes to row {@code start + i}; values of
 * {@link ValueKind#BYTES} are written in ascending order. Borrows the column's buffers, which must
 * be large enough.
 */
public final class ColumnOutput {
  private final ValueKind kind;
  private final long validity;
  private final long data;
  private final long offsets;
  private final int start;

  /**
   * Opens a column for writing.
   *
   * @param column address of its {@link ColumnDescriptor}, with a validity buffer
   * @param start row that value 0 goes to
   */
  public ColumnOutput(ValueKind kind, long column, int start) {
    this.kind = kind;
    this.validity = ColumnDescriptor.validity(column);
    this.data = ColumnDescriptor.data(column);
    this.offsets = ColumnDescriptor.offsets(column);
    this.start = start;
    if (kind == ValueKind.BYTES && start == 0) {
      putInt(offsets, 0);
    }
  }

  /** Writes a null. */
  public void putNull(int index) {
    switch (kind.slotBytes()) {
      case 8 -> putSlot(index, 0);
      default -> {
        if (kind == ValueKind.BYTES) {
          putBytes(index, 0, 0);
        } else {
          putDecimal(index, 0, 0);
        }
      }
    }
    putBit(validity, (long) start + index, false);
  }

  /**
   * Writes a value given as an 8-byte slot: an integer, a boolean as 0 or 1, or the bits of a
   * float64.
   */
  public void putSlot(int index, long slot) {
    long row = (long) start + index;
    putBit(validity, row, true);
    switch (kind) {
      case BOOL -> putBit(data, row, slot != 0);
      case I8 -> putByte(data + row, (byte) slot);
      case I16 -> putShort(data + 2 * row, (short) slot);
      case I32 -> putInt(data + 4 * row, (int) slot);
      case I64, F64 -> putLong(data + 8 * row, slot);
      case F32 -> putFloat(data + 4 * row, (float) Double.longBitsToDouble(slot));
      case DECIMAL128, BYTES -> throw new IllegalArgumentException("16-byte slot: kind=" + kind);
    }
  }

  public void putDouble(int index, double value) {
    putSlot(index, Double.doubleToRawLongBits(value));
  }

  public void putDecimal(int index, long low, long high) {
    long row = (long) start + index;
    putBit(validity, row, true);
    putLong(data + 16 * row, low);
    putLong(data + 16 * row + 8, high);
  }

  public void putBytes(int index, long address, int length) {
    long row = (long) start + index;
    putBit(validity, row, true);
    int from = getInt(offsets + 4 * row);
    putInt(offsets + 4 * row + 4, from + length);
    if (length > 0) {
      copy(address, data + from, length);
    }
  }
}
