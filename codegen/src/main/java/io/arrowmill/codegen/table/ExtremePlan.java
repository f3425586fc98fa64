package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putDouble;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the least or the greatest value. State: one {@link ValueCell}; flag 0: there was a value.
 */
record ExtremePlan(ValueKind inputKind, boolean greatest) implements AccumulatorPlan {
  private static final int HAS_VALUE = 0;

  @Override
  public ValueKind resultKind() {
    return inputKind;
  }

  @Override
  public int stateBytes() {
    return inputKind.slotBytes();
  }

  @Override
  public int flagBits() {
    return 1;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return List.of(new StateColumn(greatest ? "max" : "min", inputKind));
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    ValueCell cell = new ValueCell(inputKind, slot.offset(), arena);
    return switch (inputKind) {
      case BOOL, I8, I16, I32, I64 -> new LongExtreme(slot, cell, greatest);
      case F32, F64, DECIMAL128, BYTES -> new OrderedExtreme(slot, cell, greatest);
    };
  }

  @Override
  public @Nullable RowStep rowStep(StateSlot slot) {
    return switch (inputKind) {
      case BOOL, I8, I16, I32, I64 -> step(slot, "Long", RowStep.Input.LONG);
      case F32, F64 -> step(slot, "Double", RowStep.Input.DOUBLE);
      case DECIMAL128, BYTES -> null;
    };
  }

  private RowStep step(StateSlot slot, String type, RowStep.Input input) {
    int mask = slot.flagMask(HAS_VALUE);
    return new RowStep(
        ExtremePlan.class,
        "first" + type,
        (greatest ? "max" : "min") + type,
        input,
        slot.flagByte(),
        mask,
        List.of(slot.offset(), slot.flagByte(), mask, greatest ? 1 : 0));
  }

  static void firstLong(long row, long value, int offset, int flagByte, int mask, int greatest) {
    int flags = getByte(row + flagByte);
    if ((flags & mask) == 0) {
      putByte(row + flagByte, (byte) (flags | mask));
      putLong(row + offset, value);
    } else if (greatest != 0) {
      maxLong(row, value, offset, flagByte, mask, greatest);
    } else {
      minLong(row, value, offset, flagByte, mask, greatest);
    }
  }

  @SuppressWarnings("UnusedVariable") // All methods of a step have one shape.
  static void maxLong(long row, long value, int offset, int flagByte, int mask, int greatest) {
    putLong(row + offset, Math.max(value, getLong(row + offset)));
  }

  @SuppressWarnings("UnusedVariable")
  static void minLong(long row, long value, int offset, int flagByte, int mask, int greatest) {
    putLong(row + offset, Math.min(value, getLong(row + offset)));
  }

  static void firstDouble(
      long row, double value, int offset, int flagByte, int mask, int greatest) {
    int flags = getByte(row + flagByte);
    if ((flags & mask) == 0) {
      putByte(row + flagByte, (byte) (flags | mask));
      putDouble(row + offset, value);
    } else if (greatest != 0) {
      maxDouble(row, value, offset, flagByte, mask, greatest);
    } else {
      minDouble(row, value, offset, flagByte, mask, greatest);
    }
  }

  // A plain comparison is false for NaN, which is the greatest value, and takes the zeros as equal.

  @SuppressWarnings("UnusedVariable")
  static void maxDouble(long row, double value, int offset, int flagByte, int mask, int greatest) {
    double old = getDouble(row + offset);
    if (value > old || (Double.isNaN(value) && !Double.isNaN(old))) {
      putDouble(row + offset, value);
    }
  }

  @SuppressWarnings("UnusedVariable")
  static void minDouble(long row, double value, int offset, int flagByte, int mask, int greatest) {
    double old = getDouble(row + offset);
    if (value < old || (Double.isNaN(old) && !Double.isNaN(value))) {
      putDouble(row + offset, value);
    }
  }
}
