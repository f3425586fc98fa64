package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
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

  /** Writes the 8-byte slots at {@code offset} of {@code count} rows, none of them null. */
  void putSlots(long rows, int count, int offset) {
    putSlots(rows, count, offset, 0, 0, 1);
  }

  /**
   * Writes the 8-byte slots at {@code offset} of {@code count} rows. A row has null where the bits
   * {@code mask} of its byte {@code flagByte} are {@code nullBits}.
   */
  void putSlots(long rows, int count, int offset, int flagByte, int mask, int nullBits) {
    boolean wide = kind == ValueKind.I64 || kind == ValueKind.F64;
    int whole = wide && (start & 7) == 0 ? count & -8 : 0;
    long to = data + 8L * start;
    long bits = validity + (start >>> 3);
    for (int i = 0; i < whole; i += 8) {
      int valid = 0;
      for (int j = 0; j < 8; j++) {
        long row = getLong(rows + 8L * (i + j));
        boolean isNull = (getByte(row + flagByte) & mask) == nullBits;
        putLong(to + 8L * (i + j), isNull ? 0 : getLong(row + offset));
        valid |= isNull ? 0 : 1 << j;
      }
      // Bit after bit, each store would wait for the one before.
      putByte(bits + (i >>> 3), (byte) valid);
    }
    for (int i = whole; i < count; i++) {
      long row = getLong(rows + 8L * i);
      if ((getByte(row + flagByte) & mask) == nullBits) {
        putNull(i);
      } else {
        putSlot(i, getLong(row + offset));
      }
    }
  }

  /** Writes 8-byte slots that lie one after the other, none of them null. */
  void putValues(long slots, int count) {
    int whole = kind == ValueKind.I64 && (start & 7) == 0 ? count & -8 : 0;
    copy(slots, data + 8L * start, 8L * whole);
    long bits = validity + (start >>> 3);
    for (int i = 0; i < whole; i += 8) {
      putByte(bits + (i >>> 3), (byte) -1);
    }
    for (int i = whole; i < count; i++) {
      putSlot(i, getLong(slots + 8L * i));
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
