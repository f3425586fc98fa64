package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getFloat;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.getShort;

import io.arrowmill.batch.VectorReader;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.kernel.interpreted.Ordering;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.NullType;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;

/**
 * Compares rows of one vector with those of another of the same type, in SQL's order: NaN equals
 * NaN and is greatest, -0.0 equals 0.0, texts by their bytes. Borrows the vectors, which must stay
 * as they are.
 */
@FunctionalInterface
public interface RowComparison {
  /** Negative, 0 or positive as the row of the first vector is before, with or behind the other. */
  int compare(int left, int right);

  /** Values that are not null. */
  static RowComparison ofValues(FieldVector left, FieldVector right, DataType type) {
    return switch (type) {
      case AtomicType atomic -> ofAtoms(left, right, atomic);
      case DecimalType ignored -> {
        long a = left.getDataBuffer().memoryAddress();
        long b = right.getDataBuffer().memoryAddress();
        yield (i, j) -> {
          long x = a + 16L * i;
          long y = b + 16L * j;
          int high = Long.compare(getLong(x + 8), getLong(y + 8));
          return high != 0 ? high : Long.compareUnsigned(getLong(x), getLong(y));
        };
      }
      case NullType ignored -> (i, j) -> 0;
      default -> {
        VectorReader a = VectorReader.of(left, type);
        VectorReader b = VectorReader.of(right, type);
        yield (i, j) ->
            Ordering.compare(Objects.requireNonNull(a.read(i)), Objects.requireNonNull(b.read(j)));
      }
    };
  }

  private static RowComparison ofAtoms(FieldVector left, FieldVector right, AtomicType type) {
    long a = left.getDataBuffer().memoryAddress();
    long b = right.getDataBuffer().memoryAddress();
    return switch (type) {
      case BOOLEAN -> (i, j) -> Boolean.compare(getBit(a, i), getBit(b, j));
      case BYTE -> (i, j) -> Byte.compare(getByte(a + i), getByte(b + j));
      case SHORT -> (i, j) -> Short.compare(getShort(a + 2L * i), getShort(b + 2L * j));
      case INTEGER, DATE, YEAR_MONTH_INTERVAL ->
          (i, j) -> Integer.compare(getInt(a + 4L * i), getInt(b + 4L * j));
      case LONG, TIMESTAMP, TIMESTAMP_NTZ, DAY_TIME_INTERVAL ->
          (i, j) -> Long.compare(getLong(a + 8L * i), getLong(b + 8L * j));
      case FLOAT -> (i, j) -> floating(getFloat(a + 4L * i), getFloat(b + 4L * j));
      case DOUBLE -> (i, j) -> floating(getDouble(a + 8L * i), getDouble(b + 8L * j));
      case STRING, BINARY -> {
        long aOffsets = left.getOffsetBuffer().memoryAddress();
        long bOffsets = right.getOffsetBuffer().memoryAddress();
        yield (i, j) -> {
          int from = getInt(aOffsets + 4L * i);
          int to = getInt(aOffsets + 4L * i + 4);
          int otherFrom = getInt(bOffsets + 4L * j);
          int otherTo = getInt(bOffsets + 4L * j + 4);
          return OffHeap.compare(a + from, to - from, b + otherFrom, otherTo - otherFrom);
        };
      }
    };
  }

  private static int floating(double x, double y) {
    return x == y ? 0 : Double.compare(x, y);
  }

  /** Values and nulls, in the direction of an order. */
  static RowComparison of(
      FieldVector left, FieldVector right, DataType type, boolean ascending, boolean nullsFirst) {
    RowComparison values = ofValues(left, right, type);
    RowComparison directed = ascending ? values : (i, j) -> values.compare(j, i);
    if (!ascending && !left.equals(right)) {
      RowComparison reversed = ofValues(right, left, type);
      directed = (i, j) -> reversed.compare(j, i);
    }
    if (left.getNullCount() == 0 && right.getNullCount() == 0) {
      return directed;
    }
    long a = left.getValidityBuffer().memoryAddress();
    long b = right.getValidityBuffer().memoryAddress();
    RowComparison present = directed;
    int nullIsLeft = nullsFirst ? -1 : 1;
    return (i, j) -> {
      boolean hasLeft = getBit(a, i);
      boolean hasRight = getBit(b, j);
      if (hasLeft && hasRight) {
        return present.compare(i, j);
      }
      return hasLeft == hasRight ? 0 : hasLeft ? -nullIsLeft : nullIsLeft;
    };
  }

  /** This order, and the other one where this says that rows are equal. */
  default RowComparison then(RowComparison other) {
    return (i, j) -> {
      int first = compare(i, j);
      return first != 0 ? first : other.compare(i, j);
    };
  }
}
