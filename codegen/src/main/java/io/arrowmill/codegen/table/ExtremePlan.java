package io.arrowmill.codegen.table;

import java.util.List;

/**
 * Keeps the least or the greatest value. State: one {@link ValueCell}; flag 0: there was a value.
 */
record ExtremePlan(ValueKind inputKind, boolean greatest) implements AccumulatorPlan {

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
}
