package io.arrowmill.operator;

import io.arrowmill.AnalysisException;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Splits an aggregation in three: a projection that computes keys and arguments, the grouping
 * itself, and a projection over its results. Keys of arrays and structs are packed to bytes and
 * unpacked again. Used once.
 */
final class AggregateSplit {
  private final IntSupplier ids;
  private final List<Attribute> keys;
  private final List<Expression> results;
  private final List<Attribute> output;
  private final List<Expression> inputColumns = new ArrayList<>();
  private final List<Attribute> keyColumns = new ArrayList<>();
  private final List<AggregateCall> calls = new ArrayList<>();
  private final Map<AggregateCall, Attribute> callColumns = new LinkedHashMap<>();
  private final Map<Expression, Attribute> arguments = new LinkedHashMap<>();
  private final DistinctArguments distinct = new DistinctArguments();

  /**
   * Splits an aggregation.
   *
   * @param ids gives ids to the operators that tell first values for distinct aggregates
   */
  AggregateSplit(
      List<Attribute> keys, List<Expression> results, List<Attribute> output, IntSupplier ids) {
    this.ids = ids;
    this.keys = keys;
    this.results = new ArrayList<>(results);
    this.output = output;
  }

  /** The plan of groups that are told apart by their keys. */
  PhysicalPlan plan(int operatorId, AggregatePlan.@Nullable Eviction eviction, PhysicalPlan child) {
    return plan(
        child,
        (input, grouped) ->
            WindowPanes.over(
                new AggregatePlan(
                    operatorId,
                    keyColumns,
                    calls,
                    eviction,
                    null,
                    grouped,
                    distinct.over(input, keyColumns, eviction, ids))));
  }

  /**
   * The plan of sessions of the keys.
   *
   * @param session the result's column of sessions
   * @param start the child's column of times at which a row's stretch begins
   * @param end the child's column of times at which it ends
   * @param evicts whether sessions end with the watermark
   */
  PhysicalPlan sessions(
      int operatorId,
      Attribute session,
      Attribute start,
      Attribute end,
      boolean evicts,
      PhysicalPlan child) {
    for (Expression result : results) {
      if (PlanExpressions.contains(
          result, node -> node instanceof AggregateCall call && call.distinct())) {
        throw new AnalysisException(
            "UNSUPPORTED_DISTINCT_AGGREGATE",
            "an aggregate over sessions must take all values: call="
                + result.sql()
                + "; collect them, or group by window(...) instead");
      }
    }
    inputColumns.add(start);
    inputColumns.add(end);
    Call struct =
        new Call(
            "named_struct",
            List.of(
                new Literal("start", DataTypes.STRING),
                start,
                new Literal("end", DataTypes.STRING),
                end),
            session.type(),
            false);
    for (int i = 0; i < results.size(); i++) {
      Expression result = results.get(i);
      results.set(
          i,
          result instanceof Attribute column && column.id() == session.id()
              ? new Alias(struct, column.name(), column.id())
              : result.transformUp(node ->
                  node instanceof Attribute column && column.id() == session.id() ? struct : node));
    }
    return plan(
        child,
        (input, grouped) -> {
          List<Attribute> columns = new ArrayList<>(keyColumns);
          columns.add(start);
          columns.add(end);
          columns.addAll(callColumns.values());
          return new SessionPlan(operatorId, keyColumns, start, end, calls, evicts, columns, input);
        });
  }

  /** Makes the grouping over its input, with columns for the keys and the calls. */
  private interface Grouping {
    PhysicalPlan over(PhysicalPlan input, List<Attribute> grouped);
  }

  private PhysicalPlan plan(PhysicalPlan child, Grouping grouping) {
    Map<Long, Expression> unpacked = new HashMap<>();
    for (Attribute key : keys) {
      Expression back = addKey(key);
      if (!back.equals(key)) {
        unpacked.put(key.id(), back);
      }
    }
    List<Expression> finished = new ArrayList<>();
    for (Expression result : results) {
      Expression rewritten = result.transformUp(this::replaceCall);
      finished.add(
          rewritten.transformUp(node ->
              node instanceof Attribute column
                  ? unpacked.getOrDefault(column.id(), column)
                  : node));
    }
    List<Expression> named = new ArrayList<>();
    for (int i = 0; i < finished.size(); i++) {
      Expression value = finished.get(i);
      named.add(
          value instanceof Attribute || value instanceof Alias
              ? value
              : new Alias(value, output.get(i).name(), output.get(i).id()));
    }
    List<Attribute> inputOutput = inputColumns.stream().map(LogicalPlan::attributeOf).toList();
    // Where nothing is computed, the grouping takes its columns from what the child gives.
    boolean computes = inputColumns.stream().anyMatch(column -> !(column instanceof Attribute));
    PhysicalPlan input =
        computes ? new FilterProjectPlan(null, inputColumns, inputOutput, child) : child;
    List<Attribute> grouped = new ArrayList<>(keyColumns);
    grouped.addAll(callColumns.values());
    return new FilterProjectPlan(null, named, output, grouping.over(input, grouped));
  }

  /** Adds a key's column, and returns the expression that gives the key back after the grouping. */
  private Expression addKey(Attribute key) {
    if (!isNested(key.type())) {
      inputColumns.add(key);
      keyColumns.add(key);
      return key;
    }
    Alias packed =
        Alias.of(new Call("pack", List.of(key), DataTypes.BINARY, key.nullable()), key.name());
    inputColumns.add(packed);
    Attribute column = LogicalPlan.attributeOf(packed);
    keyColumns.add(column);
    return new Call("unpack", List.of(column), key.type(), key.nullable());
  }

  private static boolean isNested(DataType type) {
    return type instanceof ArrayType || type instanceof StructType;
  }

  private Expression replaceCall(Expression node) {
    if (!(node instanceof AggregateCall call)) {
      return node;
    }
    boolean isExtreme = call.name().equals("min") || call.name().equals("max");
    if (call.distinct() && !isExtreme) {
      return distinctColumn(call);
    }
    if (call.filter() != null && (call.name().equals("first") || call.name().equals("last"))) {
      return ofFiltered(call);
    }
    return call.arguments().size() == 1 && isNested(call.arguments().getFirst().type())
        ? ofNested(call)
        : column(call);
  }

  /** The column of the results of a call that takes each value once. */
  private Attribute distinctColumn(AggregateCall call) {
    Expression filter = call.filter();
    List<Attribute> values = new ArrayList<>();
    for (Expression value : call.arguments()) {
      values.add(argument(filter == null ? value : when(filter, value)));
    }
    Attribute first = distinct.argument(values);
    return calls(
        new AggregateCall(call.name(), List.of(first), false, null, call.type(), call.nullable()),
        call.sql());
  }

  /** The first or last of the rows that a filter lets pass, be its value null or not. */
  private Expression ofFiltered(AggregateCall call) {
    Expression argument = call.arguments().getFirst();
    StructType row = StructType.of(DataTypes.field("value", argument.type()));
    Call struct =
        new Call(
            "named_struct", List.of(new Literal("value", DataTypes.STRING), argument), row, false);
    Call packed = new Call("pack_value", List.of(struct), DataTypes.BINARY, false);
    AggregateCall present =
        new AggregateCall(
            call.name() + AggregateCall.PRESENT,
            List.of(packed),
            false,
            call.filter(),
            DataTypes.BINARY,
            true);
    return new GetField(new Call("unpack", List.of(column(present)), row, true), 0);
  }

  /** Arrays and structs are kept packed: their bytes have the order of their values. */
  private Expression ofNested(AggregateCall call) {
    Expression argument = call.arguments().getFirst();
    if (call.name().equals("count")) {
      Expression present = new Call("isnotnull", List.of(argument), DataTypes.BOOLEAN, false);
      return column(over(call, when(present, Literal.TRUE), call.type()));
    }
    Call packed = new Call("pack_value", List.of(argument), DataTypes.BINARY, argument.nullable());
    Attribute result = column(over(call, packed, DataTypes.BINARY));
    return new Call("unpack", List.of(result), call.type(), call.nullable());
  }

  private static AggregateCall over(AggregateCall call, Expression argument, DataType type) {
    return new AggregateCall(
        call.name(), List.of(argument), false, call.filter(), type, call.nullable());
  }

  /** The column of a call's results; equal calls share one. */
  private Attribute column(AggregateCall call) {
    List<Expression> columns = new ArrayList<>();
    Expression filter = call.filter();
    if (filter != null && call.arguments().isEmpty()) {
      columns.add(argument(when(filter, Literal.TRUE)));
    }
    for (Expression argument : call.arguments()) {
      if (argument instanceof Literal literal
          && literal.value() != null
          && call.name().equals("count")
          && filter == null) {
        continue;
      }
      columns.add(argument(filter == null ? argument : when(filter, argument)));
    }
    AggregateCall over =
        new AggregateCall(call.name(), columns, false, null, call.type(), call.nullable());
    return calls(over, call.sql());
  }

  private Attribute calls(AggregateCall over, String name) {
    Attribute known = callColumns.get(over);
    if (known == null) {
      known = Attribute.of(name, over.type(), over.nullable());
      callColumns.put(over, known);
      calls.add(over);
    }
    return known;
  }

  private static Expression when(Expression condition, Expression value) {
    return new CaseWhen(List.of(new CaseWhen.Branch(condition, value)), null);
  }

  /** The input column of an argument; equal arguments share one. */
  private Attribute argument(Expression argument) {
    Attribute known = arguments.get(argument);
    if (known != null) {
      return known;
    }
    Attribute column;
    if (argument instanceof Attribute plain) {
      column = plain;
      if (inputColumns.stream().noneMatch(c -> LogicalPlan.attributeOf(c).id() == plain.id())) {
        inputColumns.add(plain);
      }
    } else {
      Alias computed = Alias.of(argument, "argument_" + arguments.size());
      inputColumns.add(computed);
      column = LogicalPlan.attributeOf(computed);
    }
    arguments.put(argument, column);
    return column;
  }
}
