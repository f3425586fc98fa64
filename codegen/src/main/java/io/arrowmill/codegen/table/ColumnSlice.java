package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getFloat;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.getShort;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;

/**
 * The selected rows of one column, brought into one shape: densely packed slots of 8 or 16 bytes.
 *
 * <p>Integers and booleans are widened to int64, floats to float64. A {@link ValueKind#DECIMAL128}
 * slot is the value; a {@link ValueKind#BYTES} slot is {@code {int64 length, int64 address}}. So
 * every loop over values is written once, not once a type. Where the column already has that shape,
 * {@link #values} points into it and nothing is copied.
 *
 * <p>What a slice says is good until its next load. Owns its working memory; one thread at a time.
 */
public final class ColumnSlice implements AutoCloseable {
  private final Scratch valueScratch;
  private final Scratch validScratch;
  private long values;
  private long valid;

  ColumnSlice(MemorySource memory) {
    valueScratch = new Scratch(memory);
    validScratch = new Scratch(memory);
  }

  /** Address of the first slot. The slot of a null is undefined, for keys it is zero. */
  public long values() {
    return values;
  }

  /** Address of one byte a row, 1 where the value is not null; 0 if the slice has no null. */
  public long valid() {
    return valid;
  }

  public boolean isNull(int row) {
    return valid != 0 && getByte(valid + row) == 0;
  }

  long memoryBytes() {
    return valueScratch.memoryBytes() + validScratch.memoryBytes();
  }

  /**
   * Loads rows of a column.
   *
   * @param column address of the column's {@link ColumnDescriptor}
   * @param selection address of int32 row numbers, or 0 for the rows {@code start} to {@code start
   *     + count - 1}
   * @param start first entry of the selection, or first row
   */
  void load(ValueKind kind, long column, long selection, int start, int count) {
    loadValid(column, selection, start, count);
    long data = ColumnDescriptor.data(column);
    if (selection == 0 && kind.columnBytes() == kind.slotBytes() && kind != ValueKind.F32) {
      values = data + (long) start * kind.slotBytes();
      return;
    }
    values = valueScratch.ensure((long) count * kind.slotBytes());
    if (selection == 0) {
      widen(kind, data, ColumnDescriptor.offsets(column), start, count);
    } else {
      gather(kind, data, ColumnDescriptor.offsets(column), selection + 4L * start, count);
    }
  }

  /**
   * As {@link #load}, and brings equal keys to equal bits: one NaN, one zero, nothing behind a
   * null.
   */
  void loadKey(ValueKind kind, long column, long selection, int start, int count) {
    load(kind, column, selection, start, count);
    if (valid == 0 && !kind.isFloating()) {
      return;
    }
    int slotBytes = kind.slotBytes();
    long own = valueScratch.ensure((long) count * slotBytes);
    for (int i = 0; i < count; i++) {
      boolean isNull = isNull(i);
      long slot = (long) i * slotBytes;
      if (slotBytes == 16) {
        putLong(own + slot, isNull ? 0 : getLong(values + slot));
        putLong(own + slot + 8, isNull ? 0 : getLong(values + slot + 8));
      } else if (kind.isFloating()) {
        // Adding 0.0 turns -0.0 into 0.0; doubleToLongBits knows one NaN only.
        double canonical = getDouble(values + slot) + 0.0;
        putLong(own + slot, isNull ? 0 : Double.doubleToLongBits(canonical));
      } else {
        putLong(own + slot, isNull ? 0 : getLong(values + slot));
      }
    }
    values = own;
  }

  /** Loads which rows are null, for an aggregate that asks for nothing else. */
  void loadValid(long column, long selection, int start, int count) {
    long validity = ColumnDescriptor.validity(column);
    valid = 0;
    if (validity == 0) {
      return;
    }
    long out = validScratch.ensure(count);
    int present = 0;
    for (int i = 0; i < count; i++) {
      long row = selection == 0 ? start + i : getInt(selection + 4L * (start + i));
      int bit = getBit(validity, row) ? 1 : 0;
      putByte(out + i, (byte) bit);
      present += bit;
    }
    if (present < count) {
      valid = out;
    }
  }

  /** Takes the slots of a field of table rows instead of a column's. */
  void loadRows(long rows, int count, int slotOffset, int slotBytes, int nullByte, int nullMask) {
    values = valueScratch.ensure((long) count * slotBytes);
    valid = validScratch.ensure(count);
    int present = 0;
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      long slot = values + (long) i * slotBytes;
      putLong(slot, getLong(row + slotOffset));
      for (int at = 8; at < slotBytes; at += 8) {
        putLong(slot + at, getLong(row + slotOffset + at));
      }
      int bit = (getByte(row + nullByte) & nullMask) == 0 ? 1 : 0;
      putByte(valid + i, (byte) bit);
      present += bit;
    }
    if (present == count) {
      valid = 0;
    }
  }

  private void widen(ValueKind kind, long data, long offsets, int start, int count) {
    long out = values;
    switch (kind) {
      case BOOL -> {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getBit(data, start + i) ? 1 : 0);
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getByte(data + start + i));
        }
      }
      case I16 -> {
        long from = data + 2L * start;
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getShort(from + 2L * i));
        }
      }
      case I32 -> {
        long from = data + 4L * start;
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getInt(from + 4L * i));
        }
      }
      case F32 -> {
        long from = data + 4L * start;
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, Double.doubleToRawLongBits(getFloat(from + 4L * i)));
        }
      }
      case BYTES -> {
        for (int i = 0; i < count; i++) {
          putBytesSlot(out + 16L * i, data, offsets + 4L * (start + i));
        }
      }
      case I64, F64, DECIMAL128 -> throw new AssertionError("loaded in place: kind=" + kind);
    }
  }

  private void gather(ValueKind kind, long data, long offsets, long selection, int count) {
    long out = values;
    switch (kind) {
      case BOOL -> {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getBit(data, getInt(selection + 4L * i)) ? 1 : 0);
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getByte(data + getInt(selection + 4L * i)));
        }
      }
      case I16 -> {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getShort(data + 2L * getInt(selection + 4L * i)));
        }
      }
      case I32 -> {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getInt(data + 4L * getInt(selection + 4L * i)));
        }
      }
      case I64, F64 -> {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, getLong(data + 8L * getInt(selection + 4L * i)));
        }
      }
      case F32 -> {
        for (int i = 0; i < count; i++) {
          float value = getFloat(data + 4L * getInt(selection + 4L * i));
          putLong(out + 8L * i, Double.doubleToRawLongBits(value));
        }
      }
      case DECIMAL128 -> {
        for (int i = 0; i < count; i++) {
          long from = data + 16L * getInt(selection + 4L * i);
          putLong(out + 16L * i, getLong(from));
          putLong(out + 16L * i + 8, getLong(from + 8));
        }
      }
      case BYTES -> {
        for (int i = 0; i < count; i++) {
          putBytesSlot(out + 16L * i, data, offsets + 4L * getInt(selection + 4L * i));
        }
      }
    }
  }

  private static void putBytesSlot(long slot, long data, long offset) {
    int from = getInt(offset);
    putLong(slot, getInt(offset + 4) - (long) from);
    putLong(slot + 8, data + from);
  }

  @Override
  public void close() {
    valueScratch.close();
    validScratch.close();
  }
}
