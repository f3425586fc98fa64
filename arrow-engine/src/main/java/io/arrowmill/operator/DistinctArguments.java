package io.arrowmill.operator;

import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan.Eviction;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of aggregates that take each value once: an operator below the grouping tells which
 * row of a group has a value first, and the argument is null in the others. Used once.
 */
final class DistinctArguments {
  private final Map<List<Attribute>, Attribute> flags = new LinkedHashMap<>();
  private final Map<List<Attribute>, Alias> arguments = new LinkedHashMap<>();
  private final Map<Attribute, Attribute> packs = new LinkedHashMap<>();

  /** The argument that has each combination of the given columns once. */
  Attribute argument(List<Attribute> values) {
    Attribute flag =
        flags.computeIfAbsent(
            values, ignored -> Attribute.of("is_first", DataTypes.BOOLEAN, false));
    Alias argument =
        arguments.computeIfAbsent(values, ignored -> Alias.of(once(values, flag), "distinct"));
    return LogicalPlan.attributeOf(argument);
  }

  /** The value; where it can only be counted, true if it is not null. */
  private static Expression once(List<Attribute> values, Attribute flag) {
    if (values.size() == 1 && !isNested(values.getFirst())) {
      return when(flag, values.getFirst());
    }
    Expression all = flag;
    for (Attribute value : values) {
      Call present = new Call("isnotnull", List.of(value), DataTypes.BOOLEAN, false);
      all = new Call("and", List.of(all, present), DataTypes.BOOLEAN, false);
    }
    return when(all, Literal.TRUE);
  }

  private static boolean isNested(Attribute value) {
    return value.type() instanceof ArrayType || value.type() instanceof StructType;
  }

  private static Expression when(Expression condition, Expression value) {
    return new CaseWhen(List.of(new CaseWhen.Branch(condition, value)), null);
  }

  /** The input with the arguments beside its columns; the input itself if there are none. */
  PhysicalPlan over(
      PhysicalPlan input, List<Attribute> keys, @Nullable Eviction eviction, IntSupplier ids) {
    if (flags.isEmpty()) {
      return input;
    }
    PhysicalPlan plan = packed(input);
    for (Map.Entry<List<Attribute>, Attribute> flag : flags.entrySet()) {
      List<Attribute> columns = new ArrayList<>(keys);
      flag.getKey().forEach(value -> columns.add(packs.getOrDefault(value, value)));
      DeduplicatePlan.Time time =
          eviction == null
              ? new DeduplicatePlan.Time(
                  null, GroupTablePlan.NO_TIME_KEY, 0, DeduplicatePlan.NO_EXPIRY)
              : new DeduplicatePlan.Time(
                  null, eviction.key(), eviction.lengthMicros(), DeduplicatePlan.NO_EXPIRY);
      plan = new DeduplicatePlan(ids.getAsInt(), columns, time, flag.getValue(), plan);
    }
    List<Expression> columns = new ArrayList<>(input.output());
    columns.addAll(arguments.values());
    return project(columns, plan);
  }

  /** Adds arrays and structs as bytes, by which they are told apart. */
  private PhysicalPlan packed(PhysicalPlan input) {
    List<Expression> columns = new ArrayList<>(input.output());
    for (List<Attribute> values : flags.keySet()) {
      for (Attribute value : values) {
        if (isNested(value) && !packs.containsKey(value)) {
          Call pack = new Call("pack", List.of(value), DataTypes.BINARY, value.nullable());
          Alias packed = Alias.of(pack, value.name());
          columns.add(packed);
          packs.put(value, LogicalPlan.attributeOf(packed));
        }
      }
    }
    return packs.isEmpty() ? input : project(columns, input);
  }

  private static PhysicalPlan project(List<Expression> columns, PhysicalPlan input) {
    return new FilterProjectPlan(
        null, columns, columns.stream().map(LogicalPlan::attributeOf).toList(), input);
  }
}
