package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts rows, or the values of a column that are not null. State: {@code {int64 count}}. */
record CountPlan(@Nullable ValueKind inputKind) implements AccumulatorPlan {
  private static final List<StateColumn> STATE = List.of(new StateColumn("count", ValueKind.I64));

  @Override
  public boolean readsValues() {
    return false;
  }

  @Override
  public ValueKind resultKind() {
    return ValueKind.I64;
  }

  @Override
  public int stateBytes() {
    return 8;
  }

  @Override
  public int flagBits() {
    return 0;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return STATE;
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new Count(slot.offset(), inputKind != null);
  }

  @Override
  public RowStep rowStep(StateSlot slot) {
    return RowStep.of(CountPlan.class, "step", RowStep.Input.NONE, slot.offset());
  }

  static void step(long row, int offset) {
    putLong(row + offset, getLong(row + offset) + 1);
  }

  private record Count(int offset, boolean skipsNulls) implements RangeAccumulator {

    @Override
    public void updateRun(long row, ColumnSlice input, int count) {
      long valid = skipsNulls ? input.valid() : 0;
      long present = count;
      for (int i = 0; valid != 0 && i < count; i++) {
        present -= getByte(valid + i) ^ 1;
      }
      putLong(row + offset, getLong(row + offset) + present);
    }

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      int at = offset;
      long valid = skipsNulls ? input.valid() : 0;
      if (valid == 0) {
        for (int i = 0; i < count; i++) {
          long state = getLong(rows + 8L * i) + at;
          putLong(state, getLong(state) + 1);
        }
      } else {
        for (int i = 0; i < count; i++) {
          long state = getLong(rows + 8L * i) + at;
          putLong(state, getLong(state) + getByte(valid + i));
        }
      }
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long state = getLong(targetRows + 8L * i) + offset;
        putLong(state, getLong(state) + getLong(getLong(sourceRows + 8L * i) + offset));
      }
    }

    @Override
    public void mergeRanges(long targets, long ranges, long sources, int count, RangeSums sums) {
      sums.addLongs(offset);
      for (int i = 0; i < count; i++) {
        putLong(getLong(targets + 8L * i) + offset, sums.ofLongs(i));
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      output.putSlots(rows, count, offset);
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      finish(rows, count, output);
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        putLong(getLong(rows + 8L * i) + offset, getLong(input.values() + 8L * i));
      }
    }
  }
}
