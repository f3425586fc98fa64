package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * Least or greatest integer: {@link OrderedExtreme} with a loop of its own for the common kinds.
 */
final class LongExtreme implements RunAccumulator {
  private static final int HAS_VALUE = 0;

  private final StateSlot slot;
  private final boolean greatest;
  private final OrderedExtreme rest;

  LongExtreme(StateSlot slot, ValueCell cell, boolean greatest) {
    this.slot = slot;
    this.greatest = greatest;
    rest = new OrderedExtreme(slot, cell, greatest);
  }

  @Override
  public void update(long rows, ColumnSlice input, int count) {
    long values = input.values();
    long valid = input.valid();
    int offset = slot.offset();
    int flagByte = slot.flagByte();
    int mask = slot.flagMask(HAS_VALUE);
    // Complementing every bit turns the order around, so that one loop serves both.
    long flip = greatest ? 0 : -1;
    for (int i = 0; i < count; i++) {
      if (valid != 0 && getByte(valid + i) == 0) {
        continue;
      }
      long row = getLong(rows + 8L * i);
      long value = getLong(values + 8L * i);
      int flags = getByte(row + flagByte);
      if ((flags & mask) == 0) {
        putByte(row + flagByte, (byte) (flags | mask));
        putLong(row + offset, value);
      } else if ((value ^ flip) > (getLong(row + offset) ^ flip)) {
        putLong(row + offset, value);
      }
    }
  }

  @Override
  public void updateRun(long row, ColumnSlice input, int count) {
    long values = input.values();
    long flip = greatest ? 0 : -1;
    boolean any = slot.flag(row, HAS_VALUE);
    long best = any ? getLong(row + slot.offset()) ^ flip : Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      if (!input.isNull(i)) {
        best = Math.max(best, getLong(values + 8L * i) ^ flip);
        any = true;
      }
    }
    if (any) {
      putLong(row + slot.offset(), best ^ flip);
      slot.setFlag(row, HAS_VALUE, true);
    }
  }

  @Override
  public void merge(long targetRows, long sourceRows, int count) {
    rest.merge(targetRows, sourceRows, count);
  }

  @Override
  public void finish(long rows, int count, ColumnOutput output) {
    output.putSlots(rows, count, slot.offset(), slot.flagByte(), slot.flagMask(HAS_VALUE), 0);
  }

  @Override
  public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
    finish(rows, count, output);
  }

  @Override
  public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
    rest.importState(rows, count, stateColumn, input);
  }
}
