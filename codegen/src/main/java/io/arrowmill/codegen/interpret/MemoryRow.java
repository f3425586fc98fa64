package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads boxed values from a block of column descriptors, at a row that can be moved. */
final class MemoryRow implements RowReader {

  private final long columns;
  private int row;

  MemoryRow(long columns) {
    this.columns = columns;
  }

  MemoryRow moveTo(int newRow) {
    row = newRow;
    return this;
  }

  @Override
  public @Nullable Object value(int column, PhysicalType type) {
    long descriptor = ColumnDescriptor.at(columns, column);
    long validity = ColumnDescriptor.validity(descriptor);
    if (validity != 0 && !OffHeap.getBit(validity, row)) {
      return null;
    }
    long data = ColumnDescriptor.data(descriptor);
    long address = data + (long) row * type.width();
    return switch (type) {
      case BOOL -> OffHeap.getBit(data, row);
      case I8 -> OffHeap.getByte(address);
      case I16 -> OffHeap.getShort(address);
      case I32 -> OffHeap.getInt(address);
      case I64 -> OffHeap.getLong(address);
      case F32 -> OffHeap.getFloat(address);
      case F64 -> OffHeap.getDouble(address);
      case DECIMAL -> decimal(address);
      case BYTES -> {
        long offset = ColumnDescriptor.offsets(descriptor) + (long) row * 4;
        int begin = OffHeap.getInt(offset);
        yield bytes(data + begin, OffHeap.getInt(offset + 4) - begin);
      }
    };
  }

  private static BigInteger decimal(long address) {
    byte[] bigEndian = new byte[16];
    for (int i = 0; i < 16; i++) {
      bigEndian[15 - i] = OffHeap.getByte(address + i);
    }
    return new BigInteger(bigEndian);
  }

  static ByteString bytes(long address, int length) {
    byte[] copy = new byte[length];
    for (int i = 0; i < length; i++) {
      copy[i] = OffHeap.getByte(address + i);
    }
    return ByteString.of(copy);
  }
}
