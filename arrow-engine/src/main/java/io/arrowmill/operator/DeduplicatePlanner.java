package io.arrowmill.operator;

import io.arrowmill.analysis.EventTime;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans the deduplication of a stream: keys that are not flat are computed as flat columns below
 * it. A window becomes its start and its end, by which it is forgotten; other structs and arrays
 * become bytes. Used once.
 */
final class DeduplicatePlanner {
  private static final long MICROS_PER_MILLI = 1_000;

  private final List<Attribute> columns;
  private final List<Expression> computed;
  private final List<Attribute> keys = new ArrayList<>();
  private int timeKey = GroupTablePlan.NO_TIME_KEY;

  DeduplicatePlanner(List<Attribute> columns) {
    this.columns = columns;
    this.computed = new ArrayList<>(columns);
  }

  /**
   * The plan.
   *
   * @param keyColumns which of the input's columns are keys
   * @param input gives the columns
   */
  PhysicalPlan plan(
      Deduplicate logical, List<Attribute> keyColumns, int operatorId, PhysicalPlan input) {
    for (Attribute key : keyColumns) {
      addKey(key);
    }
    Attribute eventTime = EventTime.column(logical.child());
    if (eventTime != null && eventTime.type() instanceof StructType) {
      eventTime = computed(new GetField(eventTime, 1), "event_time");
    }
    boolean expires = logical.withinWatermark() && eventTime != null;
    Attribute declared = EventTime.column(logical.child());
    long expiryMicros =
        expires && declared != null
            ? declared.eventTimeDelayMicros() / MICROS_PER_MILLI * MICROS_PER_MILLI
            : DeduplicatePlan.NO_EXPIRY;
    boolean computes = computed.size() > columns.size();
    PhysicalPlan below =
        computes
            ? new FilterProjectPlan(
                null, computed, computed.stream().map(LogicalPlan::attributeOf).toList(), input)
            : input;
    PhysicalPlan plan =
        new DeduplicatePlan(
            operatorId,
            keys,
            new DeduplicatePlan.Time(
                eventTime, expires ? GroupTablePlan.NO_TIME_KEY : timeKey, 0, expiryMicros),
            null,
            below);
    return computes ? new FilterProjectPlan(null, List.copyOf(columns), columns, plan) : plan;
  }

  private void addKey(Attribute key) {
    if (key.isEventTime()) {
      if (key.type() instanceof StructType) {
        keys.add(computed(new GetField(key, 0), key.name() + "_start"));
        timeKey = keys.size();
        keys.add(computed(new GetField(key, 1), key.name() + "_end"));
      } else {
        timeKey = keys.size();
        keys.add(key);
      }
    } else if (key.type() instanceof ArrayType || key.type() instanceof StructType) {
      Call packed = new Call("pack", List.of(key), DataTypes.BINARY, key.nullable());
      keys.add(computed(packed, key.name()));
    } else {
      keys.add(key);
    }
  }

  private Attribute computed(Expression value, String name) {
    Alias alias = Alias.of(value, name);
    computed.add(alias);
    return LogicalPlan.attributeOf(alias);
  }
}
