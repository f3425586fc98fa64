package io.arrowmill.codegen.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over one column, as immutable data: what it reads, what it gives, what room its
 * state takes.
 *
 * <p>A new aggregate is a new plan and the {@link Accumulator} it makes; the table needs no change.
 */
public interface AccumulatorPlan {

  /** Kind of the column it reads; null if it reads none. */
  @Nullable ValueKind inputKind();

  /** Whether it looks at the values of its input, not only at which of them are null. */
  default boolean readsValues() {
    return true;
  }

  /** Kind of the column that {@link Accumulator#finish} fills. */
  ValueKind resultKind();

  /** Bytes of state a group, a multiple of 8; a new group's state is all zero. */
  int stateBytes();

  /** Flags a group, 0 to 8; a new group's flags are clear. */
  int flagBits();

  /** The state as typed columns, in the order of their indexes. */
  List<StateColumn> stateColumns();

  /**
   * Makes the accumulator that works on the given part of a row; values of any length go to the
   * arena.
   */
  Accumulator bind(StateSlot slot, BytesArena arena);

  /**
   * How one value is added, for a loop that serves several aggregates at once; null if {@link
   * Accumulator#update} is all there is.
   */
  default @Nullable RowStep rowStep(StateSlot slot) {
    return null;
  }
}
