package io.arrowmill.operator;

import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Groups by columns and by session: each row says a stretch of time, and stretches of one key that
 * overlap or touch are one session.
 *
 * <p>The open sessions of a key are rows of the store with the keys and a number. Their values are
 * start, end and the aggregates; in memory they also lead to each other, see {@link SessionRing}.
 *
 * @param keys input columns of flat types
 * @param start input column of the stretches' starts
 * @param end input column of their ends
 * @param calls aggregate calls whose arguments are input columns
 * @param evicts whether sessions end with the watermark
 * @param output the keys, start, end, then one column for each call
 */
public record SessionPlan(
    int operatorId,
    List<Attribute> keys,
    Attribute start,
    Attribute end,
    List<AggregateCall> calls,
    boolean evicts,
    List<Attribute> output,
    PhysicalPlan input)
    implements StatefulPlan {
  /** Position of a session's start among the values of a row. */
  static final int START = 0;

  /** Position of a session's end among the values of a row. */
  static final int END = 1;

  /** Position of the first aggregate among the values of a row. */
  static final int CALLS = 2;

  public SessionPlan {
    keys = List.copyOf(keys);
    calls = List.copyOf(calls);
    output = List.copyOf(output);
  }

  /** Position of the address of the key's next session among the values of a row. */
  int next() {
    return CALLS + calls.size();
  }

  /** Position of the address of the session before among the values of a row. */
  int before() {
    return next() + 1;
  }

  /** The same over another input. */
  SessionPlan withInput(PhysicalPlan other) {
    return new SessionPlan(operatorId, keys, start, end, calls, evicts, output, other);
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return List.of(input);
  }

  @Override
  public String operatorName() {
    return "sessionWindowStateStoreSaveExec";
  }

  @Override
  public List<StateStorePlan> stores() {
    List<Attribute> columns = new ArrayList<>(keys);
    columns.add(Attribute.of("session", DataTypes.LONG, false));
    List<AccumulatorPlan> values = new ArrayList<>();
    values.add(Accumulators.storedLong("start"));
    values.add(Accumulators.storedLong("end"));
    calls.forEach(call -> values.add(AggregateColumns.accumulator(call)));
    values.add(Accumulators.link());
    values.add(Accumulators.link());
    List<ValueKind> kinds =
        columns.stream().map(column -> AggregateColumns.kind(column.type())).toList();
    return List.of(
        new StateStorePlan.Keyed(
            "sessions", columns, GroupTablePlan.timedByState(kinds, values, END), keys.size()));
  }

  @Override
  public boolean runsOnWatermark(OutputMode mode) {
    return mode != OutputMode.COMPLETE;
  }

  @Override
  public boolean usesWatermark(OutputMode mode) {
    return evicts;
  }

  @Override
  public @Nullable String unbounded(OutputMode mode) {
    return mode == OutputMode.COMPLETE
        ? "use output mode Append with a watermark: Complete keeps every session"
        : null;
  }

  @Override
  public String fingerprint() {
    StringJoiner columns = new StringJoiner(", ", "sessions=[", "]");
    keys.forEach(key -> columns.add(key.name() + " " + key.type().sql()));
    calls.forEach(call ->
        columns.add(
            call.name()
                + (call.arguments().isEmpty()
                    ? "(*)"
                    : "(" + call.arguments().getFirst().type().sql() + ")")));
    return columns.toString();
  }

  @Override
  public String describe() {
    return "SessionAggregate keys"
        + keys.stream().map(Expression::sql).toList()
        + " calls"
        + calls.stream().map(Expression::sql).toList();
  }
}
