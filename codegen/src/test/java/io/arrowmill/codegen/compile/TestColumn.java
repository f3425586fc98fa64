package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of boxed values laid out off-heap as Arrow does; buffers are sized exactly, so overruns
 * touch a guard.
 */
record TestColumn(PhysicalType type, List<@Nullable Object> values) {

  /**
   * Writes the column's buffers and its descriptor; without nulls it has no validity unless asked
   * for.
   */
  void place(Arena arena, long descriptors, int index, boolean alwaysValidity) {
    int rows = values.size();
    long validity = 0;
    if (alwaysValidity || values.contains(null)) {
      validity = arena.allocate(Math.max(1, (rows + 7) / 8), 1).address();
      for (int i = 0; i < rows; i++) {
        OffHeap.putBit(validity, i, values.get(i) != null);
      }
    }
    long descriptor = ColumnDescriptor.at(descriptors, index);
    if (type == PhysicalType.BYTES) {
      placeBytes(arena, descriptor, validity);
      return;
    }
    long bytes = type == PhysicalType.BOOL ? (rows + 7) / 8 : (long) rows * type.width();
    long data = arena.allocate(Math.max(1, bytes), 1).address();
    for (int i = 0; i < rows; i++) {
      put(data, i, values.get(i));
    }
    ColumnDescriptor.set(descriptor, validity, data, 0);
  }

  private void placeBytes(Arena arena, long descriptor, long validity) {
    int total = 0;
    for (Object value : values) {
      total += value == null ? 0 : ((ByteString) value).length();
    }
    long offsets = arena.allocate((values.size() + 1) * 4L, 4).address();
    long data = arena.allocate(Math.max(1, total), 1).address();
    int end = 0;
    OffHeap.putInt(offsets, 0);
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) instanceof ByteString bytes) {
        for (byte b : bytes.toBytes()) {
          OffHeap.putByte(data + end++, b);
        }
      }
      OffHeap.putInt(offsets + (i + 1) * 4L, end);
    }
    ColumnDescriptor.set(descriptor, validity, data, offsets);
  }

  private void put(long data, int i, @Nullable Object value) {
    long address = data + (long) i * type.width();
    switch (value) {
      case null -> {}
      case Boolean v -> OffHeap.putBit(data, i, v);
      case Byte v -> OffHeap.putByte(address, v);
      case Short v -> OffHeap.putShort(address, v);
      case Integer v -> OffHeap.putInt(address, v);
      case Long v -> OffHeap.putLong(address, v);
      case Float v -> OffHeap.putFloat(address, v);
      case Double v -> OffHeap.putDouble(address, v);
      case BigInteger v -> {
        OffHeap.putLong(address, v.longValue());
        OffHeap.putLong(address + 8, v.shiftRight(64).longValue());
      }
      default -> throw new IllegalArgumentException("value of unknown class: " + value);
    }
  }
}
