package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

/** Least or greatest value of any kind, by the kind's order; of equal values the first stays. */
record OrderedExtreme(StateSlot slot, ValueCell cell, boolean greatest) implements Accumulator {
  private static final int HAS_VALUE = 0;

  private boolean wins(int compared) {
    return greatest ? compared > 0 : compared < 0;
  }

  @Override
  public void update(long rows, ColumnSlice input, int count) {
    for (int i = 0; i < count; i++) {
      if (input.isNull(i)) {
        continue;
      }
      long row = getLong(rows + 8L * i);
      if (!slot.flag(row, HAS_VALUE)) {
        cell.set(row, input, i);
        slot.setFlag(row, HAS_VALUE, true);
      } else if (wins(cell.compareSlot(row, input, i))) {
        cell.set(row, input, i);
      }
    }
  }

  @Override
  public void merge(long targetRows, long sourceRows, int count) {
    for (int i = 0; i < count; i++) {
      long source = getLong(sourceRows + 8L * i);
      if (!slot.flag(source, HAS_VALUE)) {
        continue;
      }
      long target = getLong(targetRows + 8L * i);
      if (!slot.flag(target, HAS_VALUE) || wins(cell.compareFrom(target, source))) {
        cell.setFrom(target, source);
        slot.setFlag(target, HAS_VALUE, true);
      }
    }
  }

  @Override
  public void finish(long rows, int count, ColumnOutput output) {
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      if (slot.flag(row, HAS_VALUE)) {
        cell.write(row, output, i);
      } else {
        output.putNull(i);
      }
    }
  }

  @Override
  public long finishBytes(long rows, int count) {
    return cell.dataBytes(rows, count);
  }

  @Override
  public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
    finish(rows, count, output);
  }

  @Override
  public long exportBytes(long rows, int count, int stateColumn) {
    return cell.dataBytes(rows, count);
  }

  @Override
  public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      boolean isNull = input.isNull(i);
      if (isNull) {
        cell.release(row);
      } else {
        cell.set(row, input, i);
      }
      slot.setFlag(row, HAS_VALUE, !isNull);
    }
  }

  @Override
  public void release(long row) {
    cell.release(row);
  }
}
