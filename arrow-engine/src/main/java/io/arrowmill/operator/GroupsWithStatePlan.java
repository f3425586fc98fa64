package io.arrowmill.operator;

import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.kernel.interpreted.PackedForm;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.StateFunction;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function of the program for the rows of each key, and keeps what it says of the key.
 *
 * <p>A key has one row of state: a value for each column of the state's class (lists, maps and
 * records inside it as bytes), then whether there is a state, then the time of the timeout in
 * milliseconds, 0 for none. A key without a state is kept for its timeout only.
 *
 * @param keys input columns that hold the key
 * @param reads input columns that hold the function's rows
 * @param time the input's event time, or null without a watermark
 * @param initial what is kept before the first batch, or null
 */
public record GroupsWithStatePlan(
    int operatorId,
    StateFunction function,
    List<Attribute> keys,
    List<Attribute> reads,
    @Nullable Attribute time,
    List<Attribute> output,
    PhysicalPlan input,
    @Nullable Initial initial)
    implements StatefulPlan {

  /** Rows that hold states; {@code keys} and {@code reads} are columns of the input. */
  public record Initial(List<Attribute> keys, List<Attribute> reads, PhysicalPlan input) {}

  /** The same over other inputs. */
  GroupsWithStatePlan withInputs(List<PhysicalPlan> inputs) {
    Initial given =
        initial == null ? null : new Initial(initial.keys(), initial.reads(), inputs.getLast());
    return new GroupsWithStatePlan(
        operatorId, function, keys, reads, time, output, inputs.getFirst(), given);
  }

  @Override
  public List<PhysicalPlan> inputs() {
    return initial == null ? List.of(input) : List.of(input, initial.input());
  }

  @Override
  public String operatorName() {
    if (function.transforms()) {
      return "transformWithStateExec";
    }
    return function.reduces() ? "stateStoreSave" : StateFunction.FLAT_MAP;
  }

  /** Kinds of the keys. */
  List<ValueKind> keyKinds() {
    return keys.stream().map(key -> AggregateColumns.kind(key.type())).toList();
  }

  /** The columns of a state as they are kept. */
  StructType stateColumns() {
    return RecordWriter.columns(function.types().state(), PackedForm.VALUE);
  }

  /** Whether rows are late by the watermark, and keys time out by it. */
  boolean timesOutByWatermark() {
    return function.timeout() == GroupStateTimeout.EVENT_TIME_TIMEOUT;
  }

  @Override
  public List<StateStorePlan> stores() {
    List<AccumulatorPlan> values = new ArrayList<>();
    for (StructField field : stateColumns().fields()) {
      values.add(Accumulators.storedValue(field.name(), AggregateColumns.kind(field.type())));
    }
    values.add(Accumulators.storedLong("exists"));
    values.add(Accumulators.storedLong("timeout"));
    return List.of(
        new StateStorePlan.Keyed("groups", keys, new GroupTablePlan(keyKinds(), values)));
  }

  @Override
  public boolean runsOnWatermark(OutputMode mode) {
    // Spark has a processor's batches follow the watermark even if it has no timers.
    return timesOutByWatermark() || (function.transforms() && time != null);
  }

  @Override
  public boolean usesWatermark(OutputMode mode) {
    return time != null;
  }

  @Override
  public boolean runsOnTime() {
    return function.timeout() == GroupStateTimeout.PROCESSING_TIME_TIMEOUT;
  }

  /**
   * The first time of a batch, or the first watermark, at which a timeout is over: a processor's
   * timers and values end at their time, a key of another function times out after it.
   */
  long dueMillis(long timeoutMillis) {
    return function.transforms() || timeoutMillis == Long.MAX_VALUE
        ? timeoutMillis
        : timeoutMillis + 1;
  }

  @Override
  public @Nullable String unbounded(OutputMode mode) {
    if (function.name().equals(StateFunction.FLAT_MAP_GROUPS)) {
      return null;
    }
    return function.timeout() != GroupStateTimeout.NO_TIMEOUT
        ? null
        : "have keys time out, and remove their state then";
  }

  @Override
  public String fingerprint() {
    StringJoiner text = new StringJoiner(" ", operatorName() + "=[", "]");
    text.add("keys=" + columns(PhysicalPlan.schemaOf(keys)));
    text.add("timeout=" + function.timeout());
    text.add("state=" + function.kept());
    return text.toString();
  }

  private static String columns(StructType schema) {
    StringJoiner columns = new StringJoiner(", ", "(", ")");
    schema.fields().forEach(field -> columns.add(field.name() + " " + field.type().sql()));
    return columns.toString();
  }

  @Override
  public String describe() {
    return "GroupsWithState "
        + function.name()
        + " keys="
        + columns(PhysicalPlan.schemaOf(keys))
        + " state="
        + function.kept()
        + " timeout="
        + function.timeout();
  }
}
