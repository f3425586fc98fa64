package io.arrowmill.codegen.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of another row, or another word that means something in memory only, which the
 * table's owner reads and writes in the row itself. It is no part of what is written to files: rows
 * that are read back have 0. State: {@code {int64 address}}.
 */
record LinkPlan() implements AccumulatorPlan {
  @Override
  public @Nullable ValueKind inputKind() {
    return null;
  }

  @Override
  public ValueKind resultKind() {
    return ValueKind.I64;
  }

  @Override
  public int stateBytes() {
    return Long.BYTES;
  }

  @Override
  public int flagBits() {
    return 0;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return List.of();
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new Link();
  }

  private record Link() implements Accumulator {
    @Override
    public void update(long rows, ColumnSlice input, int count) {
      // The owner writes the address.
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      // A row keeps its own.
    }

    @Override
    public boolean isMerged() {
      return false;
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      throw new IllegalStateException("a link has no result");
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      throw new IllegalStateException("a link is not written: stateColumn=" + stateColumn);
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      throw new IllegalStateException("a link is not read: stateColumn=" + stateColumn);
    }
  }
}
