package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns of Java values in Arrow's layout. Boolean, Long, Double, BigInteger and String stand for
 * the kinds; memory is the arena's.
 */
final class Columns {
  private final Arena arena;

  Columns(Arena arena) {
    this.arena = arena;
  }

  long bytes(long bytes) {
    return arena.allocate(Math.max(8, bytes), 64).address();
  }

  /** Writes the columns and returns the address of their descriptors. */
  long write(List<ValueKind> kinds, List<? extends List<? extends @Nullable Object>> columns) {
    long block = bytes((long) ColumnDescriptor.BYTES * kinds.size());
    for (int c = 0; c < kinds.size(); c++) {
      write(kinds.get(c), columns.get(c), ColumnDescriptor.at(block, c));
    }
    return block;
  }

  long write(ValueKind kind, List<? extends @Nullable Object> values) {
    return write(List.of(kind), List.of(values));
  }

  private void write(ValueKind kind, List<? extends @Nullable Object> values, long descriptor) {
    int rows = values.size();
    long dataBytes = 16L * rows + 8;
    for (Object value : values) {
      dataBytes += value instanceof String text ? 4L * text.length() : 0;
    }
    allocate(kind, rows, dataBytes, descriptor);
    ColumnOutput output = new ColumnOutput(kind, descriptor, 0);
    boolean anyNull = false;
    for (int i = 0; i < rows; i++) {
      Object value = values.get(i);
      anyNull |= value == null;
      put(output, i, value);
    }
    if (!anyNull) {
      OffHeap.putLong(descriptor + ColumnDescriptor.VALIDITY_OFFSET, 0);
    }
  }

  private void put(ColumnOutput output, int index, @Nullable Object value) {
    switch (value) {
      case null -> output.putNull(index);
      case Boolean bool -> output.putSlot(index, bool ? 1 : 0);
      case Long number -> output.putSlot(index, number);
      case Double number -> output.putDouble(index, number);
      case BigInteger number ->
          output.putDecimal(index, number.longValue(), number.shiftRight(64).longValue());
      case String text -> {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        long address = bytes(utf8.length);
        for (int b = 0; b < utf8.length; b++) {
          OffHeap.putByte(address + b, utf8[b]);
        }
        output.putBytes(index, address, utf8.length);
      }
      default -> throw new AssertionError(value);
    }
  }

  /** Makes room for a column that a table writes to; returns its descriptor. */
  long allocate(ValueKind kind, int rows, long dataBytes) {
    long descriptor = bytes(ColumnDescriptor.BYTES);
    allocate(kind, rows, Math.max(dataBytes, 16L * rows), descriptor);
    return descriptor;
  }

  private void allocate(ValueKind kind, int rows, long dataBytes, long descriptor) {
    long offsets = kind == ValueKind.BYTES ? bytes(4L * rows + 4) : 0;
    ColumnDescriptor.set(descriptor, bytes(rows / 8 + 8), bytes(dataBytes), offsets);
  }

  static List<@Nullable Object> read(ValueKind kind, long descriptor, int rows) {
    List<@Nullable Object> values = new ArrayList<>();
    long validity = ColumnDescriptor.validity(descriptor);
    long data = ColumnDescriptor.data(descriptor);
    long offsets = ColumnDescriptor.offsets(descriptor);
    for (int i = 0; i < rows; i++) {
      values.add(OffHeap.getBit(validity, i) ? value(kind, data, offsets, i) : null);
    }
    return values;
  }

  private static Object value(ValueKind kind, long data, long offsets, int row) {
    return switch (kind) {
      case BOOL -> OffHeap.getBit(data, row);
      case I8 -> (long) OffHeap.getByte(data + row);
      case I16 -> (long) OffHeap.getShort(data + 2L * row);
      case I32 -> (long) OffHeap.getInt(data + 4L * row);
      case I64 -> OffHeap.getLong(data + 8L * row);
      case F32 -> (double) OffHeap.getFloat(data + 4L * row);
      case F64 -> OffHeap.getDouble(data + 8L * row);
      case DECIMAL128 ->
          BigInteger.valueOf(OffHeap.getLong(data + 16L * row + 8))
              .shiftLeft(64)
              .or(new BigInteger(Long.toUnsignedString(OffHeap.getLong(data + 16L * row))));
      case BYTES -> {
        int from = OffHeap.getInt(offsets + 4L * row);
        byte[] utf8 = new byte[OffHeap.getInt(offsets + 4L * row + 4) - from];
        for (int b = 0; b < utf8.length; b++) {
          utf8[b] = OffHeap.getByte(data + from + b);
        }
        yield new String(utf8, StandardCharsets.UTF_8);
      }
    };
  }
}
