package io.arrowmill.operator;

import io.arrowmill.ArrowmillException;
import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How an aggregation's columns lie in its input and in a table of groups. */
public final class AggregateColumns {
  /** The position of the argument of an aggregate that takes none. */
  public static final int NO_COLUMN = -1;

  private AggregateColumns() {}

  /** Positions of the keys in the input. */
  static int[] keys(AggregatePlan plan) {
    return Columns.positions(plan.input(), plan.keys());
  }

  /** Positions of each call's argument in the input, or {@link #NO_COLUMN}. */
  static int[] arguments(AggregatePlan plan) {
    return arguments(plan.input(), plan.calls());
  }

  /** Positions of each call's argument in the input, or {@link #NO_COLUMN}. */
  static int[] arguments(PhysicalPlan input, List<AggregateCall> calls) {
    return calls.stream()
        .mapToInt(call ->
            call.arguments().isEmpty()
                ? NO_COLUMN
                : Columns.position(input, call.arguments().getFirst()))
        .toArray();
  }

  /** The table that holds the groups of {@code plan}. */
  public static GroupTablePlan tablePlan(AggregatePlan plan) {
    List<AccumulatorPlan> values = new ArrayList<>();
    plan.calls().forEach(call -> values.add(accumulator(call)));
    if (plan.panes() != null) {
      values.addAll(Collections.nCopies(PaneRing.LINKS, Accumulators.link()));
    }
    GroupTablePlan table =
        new GroupTablePlan(
            plan.keys().stream().map(key -> kind(key.type())).toList(),
            values,
            plan.eviction() == null ? GroupTablePlan.NO_TIME_KEY : plan.eviction().key());
    return plan.panes() == null ? table.together() : table;
  }

  /** How values of a type lie in memory. */
  public static ValueKind kind(DataType type) {
    return switch (type) {
      case DecimalType ignored -> ValueKind.DECIMAL128;
      case AtomicType atomic ->
          switch (atomic) {
            case BOOLEAN -> ValueKind.BOOL;
            case BYTE -> ValueKind.I8;
            case SHORT -> ValueKind.I16;
            case INTEGER, DATE, YEAR_MONTH_INTERVAL -> ValueKind.I32;
            case LONG, TIMESTAMP, TIMESTAMP_NTZ, DAY_TIME_INTERVAL -> ValueKind.I64;
            case FLOAT -> ValueKind.F32;
            case DOUBLE -> ValueKind.F64;
            case STRING, BINARY -> ValueKind.BYTES;
          };
      default ->
          throw new ArrowmillException(
              "UNSUPPORTED_GROUPING_TYPE",
              "values kept in a group must be of a flat type: type=" + type.sql());
    };
  }

  static AccumulatorPlan accumulator(AggregateCall call) {
    if (call.arguments().isEmpty()) {
      return Accumulators.countAll();
    }
    DataType type = call.arguments().getFirst().type();
    ValueKind kind = kind(type);
    return switch (call.name()) {
      case "count" -> Accumulators.count(kind);
      case "min" -> Accumulators.min(kind);
      case "max" -> Accumulators.max(kind);
      case "first" -> Accumulators.first(kind, false);
      case "last" -> Accumulators.last(kind, false);
      case "first" + AggregateCall.PRESENT -> Accumulators.first(kind, true);
      case "last" + AggregateCall.PRESENT -> Accumulators.last(kind, true);
      case "sum" -> sum(call, type, kind);
      case "try_sum" -> trySum(call, type, kind);
      case "avg" -> average(call, type, kind);
      case "stddev" -> Accumulators.stddevSample(kind);
      case "variance" -> Accumulators.varianceSample(kind);
      default ->
          throw new ArrowmillException(
              "UNSUPPORTED_FUNCTION",
              "aggregate function must be one of count, sum, try_sum, avg, min, max, first, last,"
                  + " stddev, variance: function="
                  + call.name());
    };
  }

  private static AccumulatorPlan sum(AggregateCall call, DataType type, ValueKind kind) {
    if (call.type() instanceof DecimalType result) {
      return Accumulators.sumDecimal(result.precision());
    }
    if (type == AtomicType.YEAR_MONTH_INTERVAL) {
      return Accumulators.sumInteger(kind);
    }
    return type.isFloating() ? Accumulators.sumDouble(kind) : Accumulators.sumLong(kind);
  }

  /** As {@link #sum}, null where it does not fit. */
  private static AccumulatorPlan trySum(AggregateCall call, DataType type, ValueKind kind) {
    if (call.type() instanceof DecimalType result) {
      return Accumulators.trySumDecimal(result.precision());
    }
    return type.isFloating() ? Accumulators.sumDouble(kind) : Accumulators.trySumLong(kind);
  }

  private static AccumulatorPlan average(AggregateCall call, DataType type, ValueKind kind) {
    if (type instanceof DecimalType argument && call.type() instanceof DecimalType result) {
      return Accumulators.averageDecimal(result.precision(), result.scale() - argument.scale());
    }
    boolean isInterval = type.isOneOf(AtomicType.DAY_TIME_INTERVAL, AtomicType.YEAR_MONTH_INTERVAL);
    return isInterval ? Accumulators.averageInteger(kind) : Accumulators.average(kind);
  }
}
